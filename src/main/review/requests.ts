// The review requests: how good a run's answers are, per split, what to do next, and the queue of suspected labels.
// Mispredicted photos themselves come from photos.page with the filter `wrong`.

import type { Service } from '../../contract/table.ts'
import type { LibraryContext } from '../library/context.ts'
import type { History } from '../library/decisions/history.ts'
import { readEmbeddingFile } from '../runs/files/embeddings.ts'
import type { SimilarPhotos } from './similarity/similar-photos.ts'
import { compareRuns } from './evaluation/compare.ts'
import { evaluateEnsemble } from './evaluation/ensemble.ts'
import { findByFolds, findByMargins } from './queue/label-issue-reports.ts'
import { importPredictions } from './queue/external-predictions.ts'
import {
  adviseOn,
  evaluateCalibration,
  evaluateConfusion,
  evaluateLearning,
  evaluateReport,
} from './evaluation/evaluate.ts'
import { evaluateSlices } from './evaluation/slices.ts'
import { answerLabel, answersOf } from './queue/answers.ts'
import { listLabelIssueReports, labelIssuePage } from './queue/queue.ts'

type ReviewRequestName = Extract<keyof Service['requests'], `review.${string}` | `suspects.${string}`>

export function reviewRequests(
  context: LibraryContext,
  similar: SimilarPhotos,
  history: History,
): Pick<Service['requests'], ReviewRequestName> {
  const { db } = context.library
  return {
    'review.confusion': run => evaluateConfusion(context, run),
    'review.report': run => evaluateReport(context, run),
    'review.calibration': run => evaluateCalibration(context, run),
    'review.ensemble': ({ runIds, split }) => evaluateEnsemble(context, runIds, split),
    'review.compare': ({ before, after, split }) => compareRuns(db, before, after, split),
    'review.learningCurve': ({ runIds }) => evaluateLearning(context, runIds),
    'review.slices': query => evaluateSlices(db, query),
    'review.advice': ({ runId }) => adviseOn(context, runId),
    'review.nearest': query => similar.nearest(query),
    'review.odd': query => similar.odd(query),
    'suspects.find': ({ runId, method }) => (method === 'folds' ? findByFolds : findByMargins)(context, runId),
    'suspects.import': ({ csv }) => importPredictions(context, Buffer.from(csv, 'base64')),
    'suspects.list': () => listLabelIssueReports(db),
    'suspects.page': query => labelIssuePage(db, query),
    'review.answer': said => answerLabel(context, history, said),
    'review.answers': asked => answersOf(context, asked),
  }
}

export function reviewBytes(context: LibraryContext, similar: SimilarPhotos): Pick<Service['bytes'], 'embeddings'> {
  return {
    embeddings: {
      get: async ({ runId }) => ({ bytes: await readEmbeddingFile(context, runId) }),
      put: ({ runId }, body) => similar.put(runId, body),
    },
  }
}
