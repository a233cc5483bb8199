// A run's answers as CSV, one line a photo, for spreadsheets and scripts.

import { ServiceError } from '../../contract/errors.ts'
import type { SplitName } from '../../contract/records.ts'
import type { LibraryContext } from '../library/context.ts'
import { csvText } from '../formats/csv-writer.ts'
import { hasPredictions } from '../runs/files/predictions.ts'
import { getRun, splitNumbers } from '../runs/rows.ts'

interface Line {
  readonly folder: string
  readonly name: string
  readonly label: string
  readonly answer: string
  readonly confidence: number
  readonly givenProbability: number
}

/** UTF-8 with a byte order mark, so that spreadsheets read names in any script. ServiceError 'no-predictions'. */
export function csvReport(context: LibraryContext, runId: number, split: SplitName): string {
  const { db } = context.library
  const run = getRun(db, runId)
  if (!hasPredictions(context, runId)) {
    throw new ServiceError(
      'no-predictions',
      `${run.name} has no predictions.`,
      'Train it to its end, or choose another run.',
    )
  }
  const lines = db.all<Line>(
    `SELECT photo.folder, photo.name, given.name AS label, answered.name AS answer, confidence, given_probability AS givenProbability
     FROM run_row JOIN prediction ON prediction.run_id = run_row.run_id AND prediction.photo_id = run_row.photo_id
     JOIN photo ON photo.id = run_row.photo_id JOIN class AS given ON given.id = given_class_id JOIN class AS answered ON answered.id = prediction.class_id
     WHERE run_row.run_id = ? AND run_row.split = ? ORDER BY row`,
    runId,
    splitNumbers[split],
  )
  const records = lines.map(line => [
    line.folder === '' ? line.name : `${line.folder}/${line.name}`,
    line.label,
    line.answer,
    line.label === line.answer ? 'right' : 'wrong',
    line.confidence.toFixed(4),
    line.givenProbability.toFixed(4),
  ])
  return csvText([['path', 'label', 'answer', 'verdict', 'confidence', 'label probability'], ...records])
}
