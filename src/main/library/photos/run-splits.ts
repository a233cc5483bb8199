// How the newest run divided the photos: what a photo without a split of its own was used for.

import type { LibrarySummary, SplitName } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'
import { runSplits } from '../tables/filter.ts'

/** Runs that learnt from fewer photos on purpose divide no others. */
const newestRun = `SELECT max(id) FROM run WHERE json_extract(settings_json, '$.trainShare') IS NULL`

export function countRunSplits(db: ReadDb): LibrarySummary['runSplits'] {
  const runId = db.value<number | null>(newestRun) ?? null
  if (runId === null) return null
  const counts = new Map(
    db
      .all<{ split: number; photos: number }>(
        'SELECT split, count(*) AS photos FROM run_row WHERE run_id = ? GROUP BY split',
        runId,
      )
      .map(({ split, photos }) => [runSplits[split], photos]),
  )
  const of = (split: SplitName) => counts.get(split) ?? 0
  return { runId, train: of('train'), validation: of('validation'), test: of('test') }
}

/** Null where the photo was not in it. */
export function runSplitOf(db: ReadDb, photoId: number): SplitName | null {
  const split = db.value<number>(`SELECT split FROM run_row WHERE run_id = (${newestRun}) AND photo_id = ?`, photoId)
  return split === undefined ? null : runSplits[split]!
}
