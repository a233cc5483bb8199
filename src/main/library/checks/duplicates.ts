// Duplicates among the photos: the same pixels, and nearly the same picture. Each group has a keeper, the others are
// flagged as duplicates of it. Exact duplicates are taken out first, so that a copy of a near duplicate is still told
// as what it is.

import type { Problem, SplitName } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'
import { groupDuplicates, inKeeperOrder, type DuplicateCandidate } from '../../pixels/scores/duplicates.ts'

/** Near duplicates: perceptual hashes that differ in at most this many of 64 bits, unless a person asks for another
 *  distance. */
export const usualNearDistance = 6

/** The one of this library: for the check, the page's list and what is said of copies before a training. */
export function readNearDistance(db: ReadDb): number {
  const stored = db.value<string>("SELECT value FROM meta WHERE key = 'near_distance'")
  return stored === undefined ? usualNearDistance : Number(stored)
}

export interface FoundProblem {
  readonly photoId: number
  readonly problem: Problem
}

/**
 * Decoded photos, best keeper first; all or these. An excluded one counts as having no size, so that it never keeps
 * while another copy is in use, and is found again when it is included.
 */
export function readCandidates(db: ReadDb, ids?: readonly number[]): DuplicateCandidate[] {
  const rows = db.each<DuplicateRow>(
    `
    SELECT id, phash, pixel_sha256 AS pixelSha256, iif(excluded, 0, width) AS width, iif(excluded, 0, height) AS height,
      iif(excluded, 0, size_bytes) AS sizeBytes, modified_ms AS modifiedMs, format, grey, own_detail AS ownDetail, class_id AS label, split, keeper AND NOT excluded AS chosen, turns
    FROM photo LEFT JOIN quality ON quality.photo_id = id WHERE usable = 1 AND pixel_sha256 IS NOT NULL ${ids ? 'AND id IN (SELECT value FROM json_each(?))' : ''}`,
    ...(ids ? [JSON.stringify(ids)] : []),
  )
  const photos: DuplicateCandidate[] = []
  for (const row of rows) photos.push(candidate(row))
  return inKeeperOrder(photos)
}

type DuplicateRow = Omit<DuplicateCandidate, 'chosen' | 'grey'> & {
  readonly split: SplitName | null
  readonly chosen: number
  readonly grey: number | null
}

/** The row itself would take several times the memory: its object is a hash table. */
function candidate({
  id,
  phash,
  pixelSha256,
  width,
  height,
  sizeBytes,
  modifiedMs,
  format,
  grey,
  ownDetail,
  label,
  split,
  chosen,
  turns,
}: DuplicateRow): DuplicateCandidate {
  return {
    id,
    phash,
    pixelSha256,
    width,
    height,
    sizeBytes,
    modifiedMs,
    format,
    grey: grey === 1,
    ownDetail,
    label,
    split,
    turns: turns ?? null,
    chosen: chosen === 1,
  }
}

export interface ExactDuplicates {
  /** Made as they are asked for. */
  readonly problems: Iterable<FoundProblem>
  /** One photo of every distinct picture. */
  readonly distinct: readonly DuplicateCandidate[]
}

/** Groups by the pixels' hash; `photos` come best keeper first. */
export function findExactDuplicates(db: ReadDb, photos: readonly DuplicateCandidate[]): ExactDuplicates {
  const keepers = new Map<string, DuplicateCandidate>()
  for (const photo of photos) if (!keepers.has(photo.pixelSha256)) keepers.set(photo.pixelSha256, photo)
  function* problems(): Generator<FoundProblem, void> {
    for (const { id, pixelSha256 } of photos) {
      const keeper = keepers.get(pixelSha256)!.id
      if (keeper !== id)
        yield {
          photoId: id,
          problem: copyProblem(db, 'exact-duplicate', 'This photo has the same pixels as', keeper, null, {}),
        }
    }
  }
  return { distinct: [...keepers.values()], problems: problems() }
}

/** Photos of distinct pixels whose hashes differ from their keeper's in at most `radius` of 64 bits. */
export function* findNearDuplicates(
  db: ReadDb,
  distinct: readonly DuplicateCandidate[],
  radius: number,
): Generator<FoundProblem, void> {
  for (const { keeper, members } of groupDuplicates(distinct, radius)) {
    for (const { id, distance, turned } of members) {
      const values = { distance, ...(turned ? { turned: 1 } : {}) }
      yield {
        photoId: id,
        problem: copyProblem(
          db,
          'near-duplicate',
          turned ? turnedSentence : nearSentence,
          keeper,
          1 - distance / 64,
          values,
        ),
      }
    }
  }
}

const nearSentence = 'This photo shows nearly the same picture as'
const turnedSentence = 'Mirrored or turned, this photo shows nearly the same picture as'

function copyProblem(
  db: ReadDb,
  code: Problem['code'],
  sentence: string,
  keeper: number,
  score: number | null,
  values: Problem['values'],
): Problem {
  const { name, folder } = db.get<{ name: string; folder: string }>(
    'SELECT name, folder FROM photo WHERE id = ?',
    keeper,
  )!
  const of = folder === '' ? name : `${folder}/${name}`
  return { code, reason: `${sentence} ${of}.`, score, values: { ...values, of, keeper } }
}
