// The figures of an evaluation as lines for a terminal.

import type { Calibration, ConfusionMatrix, Interval, ReviewReport } from '../../../../../contract/records.ts'
import { percent, table } from '../../texts.ts'

export const matrixForms = ['counts', 'rows', 'columns'] as const
export type MatrixForm = (typeof matrixForms)[number]

export function summaryText(title: string, report: ReviewReport, { topK, logLoss }: Calibration): string[] {
  const { accuracy, macroF1, weightedF1 } = report
  const further = topK
    .filter(({ k }) => k > 1)
    .map(({ k, share }) => `, right among the first ${k} answers: ${percent(share)}`)
    .join('')
  return [
    `${title}:`,
    `accuracy ${interval(accuracy)}${further}`,
    ...caveats(report),
    `F1 ${shareOf(macroF1)} (mean of the classes), ${shareOf(weightedF1)} (weighted by photos); log loss ${logLoss.toFixed(3)}`,
  ]
}

/** What the accuracy rests on: copies of training photos, and classes that no photo judges. */
function caveats({ split, photos, copies, classes }: ReviewReport): string[] {
  const lines: string[] = []
  if (copies && copies.photos > 0) {
    const told = `${copies.photos} of them ${copies.photos === 1 ? 'is a copy of a training photo' : 'are copies of training photos'}`
    lines.push(
      copies.accuracy.value === null
        ? `${told}, all there are: they cannot say how good the run is.`
        : `${told}; accuracy without them ${interval(copies.accuracy)}`,
    )
  }
  const without = photos === 0 ? [] : classes.filter(own => own.photos === 0).map(({ name }) => name)
  if (without.length > 0)
    lines.push(
      `no ${split} photo of ${without.join(', ')}: nothing says how well ${without.length === 1 ? 'it is' : 'they are'} found`,
    )
  return lines
}

export function classText({ classes }: ReviewReport): string[] {
  const rows = classes.map(({ name, photos, precision, recall, f1 }) => [
    name,
    String(photos),
    interval(precision),
    interval(recall),
    shareOf(f1),
  ])
  return table([['class', 'photos', 'precision (95 %)', 'recall (95 %)', 'F1'], ...rows])
}

/** Rows are labels, columns answers. */
export function confusionText({ classes, counts }: ConfusionMatrix, form: MatrixForm): string[] {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
  const whole = (row: number, column: number) =>
    form === 'rows' ? sum(counts[row]!) : sum(counts.map(own => own[column]!))
  const cell = (row: number, column: number) => {
    const count = counts[row]![column]!
    if (form === 'counts') return String(count)
    return whole(row, column) === 0 ? '-' : `${Math.round((100 * count) / whole(row, column))} %`
  }
  const heading = { counts: 'photos', rows: 'share of the label', columns: 'share of the answer' }[form]
  return [
    `Labels (rows) and answers (columns), ${heading}:`,
    ...table([
      ['', ...classes.map(({ name }) => name)],
      ...classes.map(({ name }, row) => [name, ...classes.map((_, column) => cell(row, column))]),
    ]),
  ]
}

export function calibrationText({
  error,
  temperature,
  errorWithTemperature,
  thresholds,
  unknownBelow,
}: Calibration): string[] {
  const rows = thresholds.map(({ threshold, answered, accuracy }) => [
    threshold.toFixed(2),
    percent(answered),
    shareOf(accuracy),
  ])
  return [
    `Confidence is off by ${percent(error)} on average; with a temperature of ${temperature.toFixed(2)}, fitted on validation photos, by ${percent(errorWithTemperature)}.`,
    unknownBelow === null
      ? 'No threshold that leaves 20 answers or more makes 95 % of the answered validation photos right.'
      : `Answering "unknown" below a confidence of ${unknownBelow.toFixed(2)} makes 95 % or more of the answered validation photos right.`,
    ...table([['unknown below', 'answered', 'of these right'], ...rows]),
  ]
}

function interval({ value, low, high }: Interval): string {
  return value === null ? '-' : `${percent(value)} (${(low * 100).toFixed(1)} to ${percent(high)})`
}

function shareOf(value: number | null): string {
  return value === null ? '-' : percent(value)
}
