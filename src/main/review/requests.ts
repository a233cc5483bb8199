// The review requests: how good a run's answers are, per split, what to do next, and the queue of suspected labels.
// Mispredicted photos themselves come from photos.page with the filter `wrong`.

import type { Advice } from '../../contract/records.ts'
import type { Service } from '../../contract/table.ts'
import type { LibraryContext } from '../library/context.ts'
import { advise } from './advice.ts'
import { findByFolds, findByMargins } from './evidence.ts'
import { importPredictions } from './foreign.ts'
import { judgeCalibration, judgeConfusion, judgeReport } from './judge.ts'
import { listEvidence, recordAnswers, suspectPage } from './queue.ts'

type ReviewRequestName = Extract<keyof Service['requests'], `review.${string}` | `suspects.${string}`>

export function reviewRequests(context: LibraryContext): Pick<Service['requests'], ReviewRequestName> {
  const { db } = context.library
  return {
    'review.confusion': judged => judgeConfusion(context, judged),
    'review.report': judged => judgeReport(context, judged),
    'review.calibration': judged => judgeCalibration(context, judged),
    'review.advice': ({ runId }) => readAdvice(context, runId),
    'suspects.find': ({ runId, method }) => (method === 'folds' ? findByFolds : findByMargins)(context, runId),
    'suspects.import': ({ csv }) => importPredictions(context, csv),
    'suspects.list': () => listEvidence(db),
    'suspects.page': query => suspectPage(db, query),
    'suspects.answer': ({ evidenceId, photoIds, answer }) => ({ recorded: recordAnswers(context, evidenceId, photoIds, answer) }),
  }
}

async function readAdvice(context: LibraryContext, runId: number): Promise<Advice[]> {
  const validation = { runId, split: 'validation' } as const
  return advise({
    train: await judgeReport(context, { runId, split: 'train' }),
    validation: await judgeReport(context, validation),
    confusion: await judgeConfusion(context, validation),
    calibration: await judgeCalibration(context, validation),
  })
}
