// Keeps the flags of duplicates true while people decide: excluding a keeper, choosing another or taking that back
// regroups the photos it stands with. The whole set is grouped anew by the check (check.ts).

import type { WriteDb } from '../../db/database.ts'
import {
  findExactDuplicates,
  findNearDuplicates,
  readCandidates,
  readNearDistance,
  type FoundProblem,
} from './duplicates.ts'

export function insertProblem(db: WriteDb, { photoId, problem }: FoundProblem): void {
  db.run(
    'INSERT INTO problem (photo_id, code, reason, score, values_json) VALUES (?, ?, ?, ?, ?)',
    photoId,
    problem.code,
    problem.reason,
    problem.score,
    JSON.stringify(problem.values),
  )
}

/** Groups the photos that were flagged together with any of these. Call inside the transaction that changed them. */
export function regroupDuplicates(db: WriteDb, photoIds: readonly number[]): void {
  const related = relatives(db, photoIds)
  if (related.length === 0) return
  db.run(
    "DELETE FROM problem WHERE code IN ('exact-duplicate', 'near-duplicate') AND photo_id IN (SELECT value FROM json_each(?))",
    JSON.stringify(related),
  )
  const { problems, distinct } = findExactDuplicates(db, readCandidates(db, related))
  for (const one of [...problems, ...findNearDuplicates(db, distinct, readNearDistance(db))]) insertProblem(db, one)
}

/** Keepers of these photos, these photos where they keep, and all that are flagged as duplicates of either. */
function relatives(db: WriteDb, photoIds: readonly number[]): number[] {
  const list = JSON.stringify(photoIds)
  const keepers = db.values<number>(
    `
    SELECT keeper FROM problem WHERE keeper IS NOT NULL AND photo_id IN (SELECT value FROM json_each(?))
    UNION SELECT keeper FROM problem WHERE keeper IN (SELECT value FROM json_each(?))`,
    list,
    list,
  )
  const further = db.values<number>(
    'SELECT DISTINCT keeper FROM problem WHERE keeper IS NOT NULL AND photo_id IN (SELECT value FROM json_each(?))',
    JSON.stringify(keepers),
  )
  const all = [...keepers, ...further]
  return [
    ...new Set([
      ...all,
      ...db.values<number>(
        'SELECT photo_id FROM problem WHERE keeper IN (SELECT value FROM json_each(?))',
        JSON.stringify(all),
      ),
    ]),
  ]
}
