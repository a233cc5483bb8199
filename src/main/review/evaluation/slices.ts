// How good a run is for each value of a column: night 71 %, day 93 %. The worst first, by what can be said with so few photos: the
// upper end of the interval.

import type { Slices, SplitName } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'
import { readColumn } from '../../library/columns/columns.ts'
import { inRunSplit, runSplits } from '../../library/tables/filter.ts'
import { getRun } from '../../runs/rows.ts'
import { wilson } from './metrics.ts'

interface AnsweredRow {
  readonly id: number
  readonly right: number
}

/** ServiceError 'no-run', 'no-column'. Empty where the run has no answers on the split. */
export function evaluateSlices(
  db: ReadDb,
  { runId, split, by }: { runId: number; split: SplitName; by: string },
): Slices {
  getRun(db, runId)
  const values = readColumn(db, by)
  const rows = db.all<AnsweredRow>(
    `SELECT photo_id AS id, class_id = given_class_id AS right FROM prediction WHERE run_id = ? AND photo_id IN (${inRunSplit})`,
    runId,
    runId,
    runSplits.indexOf(split),
  )
  const slices = [...Map.groupBy(rows, ({ id }) => values.get(id) ?? '')].map(([value, own]) => {
    const right = own.filter(row => row.right === 1).length
    return { value, photos: own.length, right, accuracy: wilson(right, own.length) }
  })
  const all = rows.filter(row => row.right === 1).length
  return {
    runId,
    split,
    by,
    accuracy: wilson(all, rows.length),
    slices: slices.toSorted((a, b) => a.accuracy.high - b.accuracy.high || b.photos - a.photos),
  }
}
