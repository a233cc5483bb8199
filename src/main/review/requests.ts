// The review requests: how the answers of a run compare with the labels it was given, per split, and the queue of suspected labels.
// Mispredicted photos themselves come from photos.page with the filter `wrong`.

import { ServiceError } from '../../contract/errors.ts'
import type { ConfusionMatrix, SplitName } from '../../contract/records.ts'
import type { Service } from '../../contract/table.ts'
import type { ReadDb } from '../db/database.ts'
import type { LibraryContext } from '../library/context.ts'
import { getRun } from '../runs/rows.ts'
import { findByFolds, findByMargins } from './evidence.ts'
import { importPredictions } from './foreign.ts'
import { reportMatrix } from './metrics.ts'
import { listEvidence, recordAnswers, suspectPage } from './queue.ts'

const splitNumbers: Readonly<Record<SplitName, number>> = { train: 0, validation: 1, test: 2 }

type ReviewRequestName = Extract<keyof Service['requests'], `review.${string}` | `suspects.${string}`>

export function reviewRequests(context: LibraryContext): Pick<Service['requests'], ReviewRequestName> {
  const { db } = context.library
  return {
    'review.confusion': ({ runId, split }) => readConfusion(db, runId, split),
    'review.report': ({ runId, split }) => {
      const { classes, counts } = readConfusion(db, runId, split)
      return { runId, split, ...reportMatrix(classes, counts) }
    },
    'suspects.find': ({ runId, method }) => (method === 'folds' ? findByFolds : findByMargins)(context, runId),
    'suspects.import': ({ csv }) => importPredictions(context, csv),
    'suspects.list': () => listEvidence(db),
    'suspects.page': query => suspectPage(db, query),
    'suspects.answer': ({ evidenceId, photoIds, answer }) => ({ recorded: recordAnswers(context, evidenceId, photoIds, answer) }),
  }
}

/** The labels the run saw against its answers. ServiceError 'no-predictions' where it has none. */
export function readConfusion(db: ReadDb, runId: number, split: SplitName): ConfusionMatrix {
  const run = getRun(db, runId)
  if (db.value('SELECT 1 FROM prediction WHERE run_id = ? LIMIT 1', runId) === undefined) {
    throw new ServiceError('no-predictions', `${run.name} has no predictions.`, 'Train it to its end, or choose another run.')
  }
  const columns = new Map(run.classes.map(({ id }, k) => [id, k]))
  const counts = run.classes.map(() => run.classes.map(() => 0))
  const cells = db.all<{ label: number; answer: number; photos: number }>(
    `SELECT label, prediction.class_id AS answer, count(*) AS photos
     FROM run_row JOIN prediction ON prediction.run_id = run_row.run_id AND prediction.photo_id = run_row.photo_id
     WHERE run_row.run_id = ? AND run_row.split = ? GROUP BY label, prediction.class_id`, runId, splitNumbers[split])
  for (const { label, answer, photos } of cells) counts[label]![columns.get(answer)!] = photos
  return { runId, split, classes: run.classes, counts }
}
