// The confident joint of confident learning (Northcutt et al. 2021, as in cleanlab 2.9): which photos confidently
// belong to which class, counted by given label, and those counts brought to the size of the data set. Rows of matrices
// are given labels.

import { answerOf, countLabels, type LabelledProbabilities } from './probabilities.ts'

/** [classes, classes], row by row. */
export type Matrix = Float64Array

export interface ConfidentJoint {
  /** [classes]: the mean probability of a class over the photos labelled so; 2, never reached, for a class without
   *  photos. */
  readonly thresholds: Float64Array
  /** [rows]: the class a photo is confidently of; -1 where it is of none. */
  readonly guesses: Int32Array
  /** Photos by given label and guess; the diagonal at least 1. */
  readonly counts: Matrix
  /** The same scaled to the photos of each label, in whole numbers: rows sum to them. */
  readonly calibrated: Matrix
}

const leastThreshold = 2e-6
const slack = 1e-6

export function confidentJoint(input: LabelledProbabilities): ConfidentJoint {
  const thresholds = confidentThresholds(input)
  const guesses = confidentGuesses(input, thresholds)
  const counts = countGuesses(input, guesses)
  return { thresholds, guesses, counts, calibrated: calibrate(counts, countLabels(input)) }
}

export function confidentThresholds(input: LabelledProbabilities): Float64Array {
  const { p, labels, rows, classes } = input
  const sums = new Float64Array(classes)
  for (let row = 0; row < rows; row++) sums[labels[row]!]! += p[row * classes + labels[row]!]!
  const photos = countLabels(input)
  return sums.map((sum, k) => (photos[k] === 0 ? 2 : Math.max(sum / photos[k]!, leastThreshold)))
}

/** Of several classes above their threshold, the most probable of all is taken. */
function confidentGuesses({ p, rows, classes }: LabelledProbabilities, thresholds: Float64Array): Int32Array {
  const guesses = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    let confident = 0
    let only = -1
    for (let k = 0; k < classes; k++) {
      if (p[row * classes + k]! >= thresholds[k]! - slack) {
        confident++
        only = k
      }
    }
    guesses[row] = confident > 1 ? answerOf(p, row, classes) : only
  }
  return guesses
}

function countGuesses({ labels, classes }: LabelledProbabilities, guesses: Int32Array): Matrix {
  const counts = new Float64Array(classes * classes)
  guesses.forEach((guess, row) => {
    if (guess >= 0) counts[labels[row]! * classes + guess]!++
  })
  for (let k = 0; k < classes; k++) counts[k * classes + k] = Math.max(counts[k * classes + k]!, 1)
  return counts
}

function calibrate(counts: Matrix, photos: Float64Array): Matrix {
  const classes = photos.length
  const scaled = counts.map(
    (count, i) => (count / sumRow(counts, Math.floor(i / classes), classes)) * photos[Math.floor(i / classes)]!,
  )
  const scale = photos.reduce((a, b) => a + b, 0) / scaled.reduce((a, b) => a + b, 0)
  return roundRows(
    scaled.map(value => value * scale),
    classes,
  )
}

/** Each row in whole numbers that keep its total: what rounds furthest the wrong way is moved by one. */
export function roundRows(matrix: Matrix, classes: number): Matrix {
  const rounded = new Float64Array(matrix.length)
  for (let row = 0; row < classes; row++)
    rounded.set(roundKeepingSum(matrix.subarray(row * classes, (row + 1) * classes)), row * classes)
  return rounded
}

function roundKeepingSum(values: Float64Array): Float64Array {
  const rounded = values.map(roundHalfEven)
  const target = roundHalfEven(values.reduce((a, b) => a + b, 0))
  const byError = Array.from(values.keys()).sort((a, b) => values[a]! - rounded[a]! - (values[b]! - rounded[b]!))
  for (let missing = target - rounded.reduce((a, b) => a + b, 0); missing !== 0;) {
    const step = Math.sign(missing)
    const order = step > 0 ? byError.toReversed() : byError
    const moved = order.slice(0, Math.abs(missing))
    for (const i of moved) rounded[i]! += step
    missing -= step * moved.length
  }
  return rounded
}

/** As IEEE 754 and NumPy round: a half goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}

function sumRow(matrix: Matrix, row: number, classes: number): number {
  let sum = 0
  for (let k = 0; k < classes; k++) sum += matrix[row * classes + k]!
  return sum
}
