// A run evaluated on one split: confusion matrix, report per class, calibration. All from the stored probabilities and
// the labels the run saw, so the same question has the same answer after photos were relabelled.

import { ServiceError } from '../../../contract/errors.ts'
import type { Advice, Calibration, ConfusionMatrix, LearningCurve, ReviewReport } from '../../../contract/records.ts'
import type { LibraryContext } from '../../library/context.ts'
import { getRun } from '../../runs/rows.ts'
import { advise } from './advice.ts'
import { type EvaluatedRun, readAnswers } from './answers.ts'
import {
  applyTemperature,
  calibrationError,
  fitTemperature,
  logLoss,
  lowestThreshold,
  reliability,
  thresholdCurve,
  topK,
} from './calibration.ts'
import { type CurvePoint, learningCurve } from './learning-curve.ts'
import { confusionCounts, reportMatrix, type MatrixReport } from './metrics.ts'
import { answerOf, labelledProbabilities } from '../labels/probabilities.ts'

/** What answers above the suggested threshold should be. */
const wantedAccuracy = 0.95
const thresholds = [0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]

/** The labels the run saw (rows) against its answers (columns). */
export async function evaluateConfusion(context: LibraryContext, run: EvaluatedRun): Promise<ConfusionMatrix> {
  const { classes } = getRun(context.library.db, run.runId)
  const input = await readAnswers(context, run)
  const answers = input ? Array.from(input.labels, (_, row) => answerOf(input.p, row, input.classes)) : []
  return {
    runId: run.runId,
    split: run.split,
    classes,
    counts: confusionCounts(input?.labels ?? [], answers, classes.length),
  }
}

export async function evaluateReport(context: LibraryContext, run: EvaluatedRun): Promise<ReviewReport> {
  const { classes, counts } = await evaluateConfusion(context, run)
  const report = reportMatrix(classes, counts)
  return { runId: run.runId, split: run.split, ...report, copies: await copiesIn(context, run, report) }
}

/** Photos of the split that are copies of training photos. The net of a fold has seen no copy of its own photos. */
async function copiesIn(
  context: LibraryContext,
  run: EvaluatedRun,
  { photos, accuracy }: MatrixReport,
): Promise<ReviewReport['copies']> {
  if (run.split === 'train') return null
  if (run.folds && run.split === 'validation') return { photos: 0, accuracy }
  const { classes, counts } = await evaluateConfusion(context, { ...run, withoutCopies: true })
  const without = reportMatrix(classes, counts)
  return { photos: photos - without.photos, accuracy: without.accuracy }
}

/** ServiceError 'no-photos' where the split is empty. */
export async function evaluateCalibration(context: LibraryContext, run: EvaluatedRun): Promise<Calibration> {
  const input = await readAnswers(context, run)
  if (!input) {
    const { name } = getRun(context.library.db, run.runId)
    throw new ServiceError('no-photos', `${name} has no ${run.split} photos to judge by.`, 'Choose another split.')
  }
  const validation = await readAnswers(context, { runId: run.runId, split: 'validation', folds: run.folds })
  const temperature = validation ? fitTemperature(validation) : 1
  const cooled = labelledProbabilities(
    applyTemperature(input.p, input.classes, temperature),
    input.classes,
    input.labels,
  )
  const bins = reliability(input)
  return {
    runId: run.runId,
    split: run.split,
    photos: input.rows,
    topK: [1, 2, 3, 5].filter(k => k === 1 || k < input.classes).map(k => ({ k, share: topK(input, k) })),
    logLoss: logLoss(input),
    bins,
    error: calibrationError(bins),
    temperature,
    errorWithTemperature: calibrationError(reliability(cooled)),
    thresholds: thresholdCurve(input, thresholds),
    unknownBelow:
      validation && lowestThreshold(thresholdCurve(validation, thresholds), wantedAccuracy, validation.rows),
  }
}

/** What to do next, by what the run says of its photos. */
export async function adviseOn(context: LibraryContext, runId: number): Promise<Advice[]> {
  const { db } = context.library
  const { photos, settings } = getRun(db, runId)
  const validation = { runId, split: 'validation' } as const
  return advise({
    test: photos.test > 0 ? await evaluateReport(context, { runId, split: 'test' }) : null,
    epochs: settings.epochs,
    augmented: settings.augment,
    unlabelled: db.value<number>('SELECT count(*) FROM photo WHERE usable = 1 AND excluded = 0 AND class_id IS NULL')!,
    train: await evaluateReport(context, { runId, split: 'train' }),
    validation: await evaluateReport(context, validation),
    confusion: await evaluateConfusion(context, validation),
    calibration: await evaluateCalibration(context, validation),
  })
}

/** How accuracy grew with the photos over these runs. ServiceError 'too-few-sizes'. */
export async function evaluateLearning(context: LibraryContext, runIds: readonly number[]): Promise<LearningCurve> {
  const points: CurvePoint[] = []
  for (const runId of runIds) {
    const { accuracy, photos } = await evaluateReport(context, { runId, split: 'validation' })
    points.push({
      runId,
      trainPhotos: getRun(context.library.db, runId).photos.train,
      right: Math.round((accuracy.value ?? 0) * photos),
      photos,
    })
  }
  return learningCurve(points)
}

/** Fitted on the run's validation photos, with `folds` by nets of cross-validation that have not seen them; 1, which
 *  changes nothing, where it has none (any more). */
export async function validationTemperature(context: LibraryContext, runId: number, folds = false): Promise<number> {
  const validation = await readAnswers(context, { runId, split: 'validation', folds })
  return validation ? fitTemperature(validation) : 1
}
