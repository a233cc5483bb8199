// Which photos of the library a run can learn from, and how the pixel cache knows those it has.

import type { ReadDb } from '../db/database.ts'

/** The condition on table `photo`: decoded whole, not excluded, with a label. */
export const trainable = 'photo.usable = 1 AND photo.excluded = 0 AND photo.class_id IS NOT NULL'

/** The SHA-256 of the photo files of rows from .. from + count, in row order. */
export function rowHashes(db: ReadDb, runId: number, from = 0, count = Number.MAX_SAFE_INTEGER): string[] {
  return db.values<string>(
    `SELECT coalesce(photo.sha256, '') FROM run_row JOIN photo ON photo.id = run_row.photo_id
     WHERE run_id = ? AND row >= ? ORDER BY row LIMIT ?`,
    runId,
    from,
    count,
  )
}
