// Copies among the photos: the same pixels, and nearly the same picture. Each group has a keeper, the others are flagged as
// copies of it. Exact copies are taken out first, so that a copy of a near copy is still told as what it is.

import type { Problem, SplitName } from '../../contract/records.ts'
import type { ReadDb } from '../db/database.ts'
import { groupDuplicates, inKeeperOrder, type DuplicateCandidate } from '../pixels/duplicates.ts'

/** Near copies: perceptual hashes that differ in at most this many of 64 bits, unless a person asks for another distance. */
export const nearDistance = 6

export interface DuplicatePhoto extends DuplicateCandidate {
  readonly name: string
  readonly folder: string
}

export interface FoundProblem {
  readonly photoId: number
  readonly problem: Problem
}

/**
 * Decoded photos, best keeper first; all or these. An excluded one counts as having no size, so that it never keeps while another
 * copy is in use, and is found again when it is included.
 */
export function readCandidates(db: ReadDb, ids?: readonly number[]): DuplicatePhoto[] {
  const photos = db.all<DuplicateRow>(`
    SELECT id, name, folder, phash, pixel_sha256 AS pixelSha256, iif(excluded, 0, width) AS width, iif(excluded, 0, height) AS height,
      iif(excluded, 0, size_bytes) AS sizeBytes, modified_ms AS modifiedMs, class_id AS label, split, keeper AND NOT excluded AS chosen, turns
    FROM photo WHERE usable = 1 AND pixel_sha256 IS NOT NULL ${ids ? 'AND id IN (SELECT value FROM json_each(?))' : ''}`,
    ...(ids ? [JSON.stringify(ids)] : []))
  return inKeeperOrder(photos.map(photo => Object.assign(photo, { chosen: photo.chosen === 1 }))) as DuplicatePhoto[]
}

type DuplicateRow = Omit<DuplicatePhoto, 'chosen'> & { readonly split: SplitName | null; readonly chosen: number }

export interface ExactCopies {
  readonly problems: readonly FoundProblem[]
  /** One photo of every distinct picture. */
  readonly distinct: readonly DuplicatePhoto[]
}

/** Groups by the pixels' hash; `photos` come best keeper first. */
export function findExactCopies(photos: readonly DuplicatePhoto[]): ExactCopies {
  const groups = [...Map.groupBy(photos, photo => photo.pixelSha256).values()]
  return {
    distinct: groups.map(([keeper]) => keeper!),
    problems: groups.flatMap(([keeper, ...copies]) =>
      copies.map(copy => ({ photoId: copy.id, problem: copyProblem('exact-duplicate', 'This photo has the same pixels as', keeper!, null, {}) }))),
  }
}

/** Photos of distinct pixels whose hashes differ from their keeper's in at most `radius` of 64 bits. */
export function findNearCopies(distinct: readonly DuplicatePhoto[], radius: number): FoundProblem[] {
  const byId = new Map(distinct.map(photo => [photo.id, photo]))
  return groupDuplicates(distinct, radius).flatMap(({ keeper, members }) => members.map(({ id, distance, turned }) => ({
    photoId: id,
    problem: copyProblem('near-duplicate', turned ? turnedSentence : nearSentence, byId.get(keeper)!, 1 - distance / 64, { distance, ...(turned ? { turned: 1 } : {}) }),
  })))
}

const nearSentence = 'This photo shows nearly the same picture as'
const turnedSentence = 'Mirrored or turned, this photo shows nearly the same picture as'

function copyProblem(
  code: Problem['code'], sentence: string, keeper: DuplicatePhoto, score: number | null, values: Problem['values'],
): Problem {
  const of = keeper.folder === '' ? keeper.name : `${keeper.folder}/${keeper.name}`
  return { code, reason: `${sentence} ${of}.`, score, values: { ...values, of, keeper: keeper.id } }
}
