// What confident learning starts from: given labels and out-of-sample probabilities, checked once so that the
// arithmetic after it can trust them. Probabilities are kept in double precision: rounding near 1 is what breaks
// rankings.

import { ServiceError } from '../../../contract/errors.ts'

export interface LabelledProbabilities {
  readonly rows: number
  readonly classes: number
  /** [rows, classes], row by row. */
  readonly p: Float64Array
  /** [rows], each 0 .. classes - 1. */
  readonly labels: Int32Array
}

/** The input of the label checks. ServiceError 'bad-probabilities' or 'bad-labels' with the first row that is wrong. */
export function labelledProbabilities(
  probabilities: ArrayLike<number>,
  classes: number,
  labels: ArrayLike<number>,
): LabelledProbabilities {
  const rows = labels.length
  if (classes < 2)
    throw badProbabilities(
      `there ${classes === 1 ? 'is one class' : 'are no classes'}, and no label can be wrong among fewer than two`,
    )
  if (rows === 0) throw badProbabilities('there are no rows')
  if (probabilities.length !== rows * classes) {
    throw badProbabilities(
      `${probabilities.length} numbers are no ${rows} rows of ${classes} classes; probabilities and labels must be of the same photos`,
    )
  }
  const p = Float64Array.from(probabilities)
  for (let row = 0; row < rows; row++) checkRow(p, row, classes)
  return { rows, classes, p, labels: checkLabels(labels, classes) }
}

/** The index of the largest of row `row`; the first of equals. */
export function answerOf(p: ArrayLike<number>, row: number, classes: number): number {
  const at = row * classes
  let best = 0
  for (let k = 1; k < classes; k++) if (p[at + k]! > p[at + best]!) best = k
  return best
}

/** Photos by given label. */
export function countLabels({ labels, classes }: LabelledProbabilities): Float64Array {
  const counts = new Float64Array(classes)
  for (const label of labels) counts[label]!++
  return counts
}

function checkRow(p: Float64Array, row: number, classes: number): void {
  let sum = 0
  for (let k = 0; k < classes; k++) {
    const value = p[row * classes + k]!
    if (!(value >= 0 && value <= 1 + 1e-6))
      throw badProbabilities(`row ${row} holds ${value} for class ${k}, which is no probability`)
    sum += value
  }
  if (Math.abs(sum - 1) > 1e-2) throw badProbabilities(`row ${row} sums to ${sum.toFixed(4)} instead of 1`)
}

function checkLabels(labels: ArrayLike<number>, classes: number): Int32Array {
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new ServiceError(
        'bad-labels',
        `The label of row ${row} is ${label}; with ${classes} classes it must be a whole number from 0 to ${classes - 1}.`,
        'Number the classes from 0 in the order of the columns of the probabilities.',
      )
    }
  }
  return Int32Array.from(labels)
}

function badProbabilities(detail: string): ServiceError {
  return new ServiceError(
    'bad-probabilities',
    `These probabilities cannot be used: ${detail}.`,
    'Give one row per photo and one column per class, each row summing to 1.',
  )
}
