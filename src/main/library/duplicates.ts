// Copies among the photos: the same pixels, and nearly the same picture. Each group has a keeper, the others are flagged as copies of
// it. Keeper: one in use rather than an excluded one, then the largest, then the heaviest file, then the first imported.

import type { Problem } from '../../contract/records.ts'
import type { ReadDb } from '../db/database.ts'

export interface DuplicatePhoto {
  readonly id: number
  readonly name: string
  readonly folder: string
  readonly pixelSha256: string
  readonly phash: string
  readonly area: number
  readonly sizeBytes: number
  readonly excluded: number
}

export interface FoundProblem {
  readonly photoId: number
  readonly problem: Problem
}

/** Decoded photos, best keeper first. */
export function keepersFirst(db: ReadDb): DuplicatePhoto[] {
  return db.all<DuplicatePhoto>(`
    SELECT id, name, folder, pixel_sha256 AS pixelSha256, phash, width * height AS area, size_bytes AS sizeBytes, excluded FROM photo
    WHERE usable = 1 AND pixel_sha256 IS NOT NULL AND phash IS NOT NULL ORDER BY excluded, area DESC, size_bytes DESC, id`)
}

export interface ExactCopies {
  readonly problems: readonly FoundProblem[]
  /** One photo of every distinct picture, best keeper first. */
  readonly distinct: readonly DuplicatePhoto[]
}

/** Groups by the pixels' hash; `photos` come best keeper first. */
export function findExactCopies(photos: readonly DuplicatePhoto[]): ExactCopies {
  const groups = Map.groupBy(photos, photo => photo.pixelSha256)
  const problems: FoundProblem[] = []
  const distinct: DuplicatePhoto[] = []
  for (const [keeper, ...copies] of groups.values()) {
    distinct.push(keeper!)
    for (const copy of copies) problems.push({ photoId: copy.id, problem: copyProblem('exact-duplicate', 'This photo has the same pixels as', keeper!, null, {}) })
  }
  return { problems, distinct }
}

/** Groups of near copies among photos that come best keeper first; `groups` are lists of indexes, keeper first, with distances. */
export function nearProblems(photos: readonly DuplicatePhoto[], groups: readonly NearGroup[]): FoundProblem[] {
  return groups.flatMap(({ keeper, members }) => members.map(({ index, distance }) => ({
    photoId: photos[index]!.id,
    problem: copyProblem('near-duplicate', 'This photo shows nearly the same picture as', photos[keeper]!, 1 - distance / 64, { distance }),
  })))
}

export interface NearGroup {
  readonly keeper: number
  readonly members: readonly { readonly index: number; readonly distance: number }[]
}

function copyProblem(
  code: Problem['code'], sentence: string, keeper: DuplicatePhoto, score: number | null, values: Problem['values'],
): Problem {
  const of = keeper.folder === '' ? keeper.name : `${keeper.folder}/${keeper.name}`
  return { code, reason: `${sentence} ${of}.`, score, values: { ...values, of, keeper: keeper.id } }
}
