// Which labels are probably wrong, by the filters of confident learning. A filter marks photos; the order among them is
// a score's business (label-scores.ts). Photos with equal numbers are always treated alike.

import type { ConfidentJoint, Matrix } from './confident-joint.ts'
import { roundHalfEven, roundRows } from './confident-joint.ts'
import { labelScores } from './label-scores.ts'
import { answerOf, countLabels, type LabelledProbabilities } from './probabilities.ts'
import { selectNth } from './quickselect.ts'

export const filterNames = [
  'prune_by_noise_rate',
  'prune_by_class',
  'both',
  'confident_learning',
  'predicted_neq_given',
  'low_self_confidence',
  'low_normalized_margin',
] as const
export type FilterName = (typeof filterNames)[number]

export interface FilterOptions {
  /** Classes with no more photos than this are left alone; default 1. */
  readonly leastPerClass?: number
  /** Share of the estimated errors to mark, 0 .. 1; default 1. */
  readonly noiseShare?: number
}

/** [rows]: 1 where the filter finds the label wrong. */
export type Mask = Uint8Array

/** The mask of every filter. */
export function labelMasks(
  input: LabelledProbabilities,
  joint: ConfidentJoint,
  options: FilterOptions = {},
): Readonly<Record<FilterName, Mask>> {
  const { leastPerClass = 1, noiseShare = 1 } = options
  const prune = pruneCounts(joint.calibrated, input.classes, leastPerClass, noiseShare)
  const byNoiseRate = keepAgreed(input, pruneByNoiseRate(input, prune, leastPerClass))
  const byClass = keepAgreed(input, pruneByClass(input, prune, leastPerClass))
  const learned = keepAgreed(input, confidentlyOther(input, joint))
  const issues = learned.reduce((sum, mark) => sum + mark, 0)
  return {
    prune_by_noise_rate: byNoiseRate,
    prune_by_class: byClass,
    both: byNoiseRate.map((mark, row) => mark & byClass[row]!),
    confident_learning: learned,
    predicted_neq_given: keepAgreed(
      input,
      maskOf(input, row => answerOf(input.p, row, input.classes) !== input.labels[row]),
    ),
    low_self_confidence: lowest(input, labelScores(input, 'self-confidence'), issues),
    low_normalized_margin: lowest(input, labelScores(input, 'normalized-margin'), issues),
  }
}

/** How many labels are wrong by the calibrated joint: a better estimate than counting a mask when there are fewer than
 *  four classes. */
export function calibratedIssueCount({ rows, classes }: LabelledProbabilities, { calibrated }: ConfidentJoint): number {
  let trace = 0
  for (let k = 0; k < classes; k++) trace += calibrated[k * classes + k]!
  return roundHalfEven((1 - trace / calibrated.reduce((a, b) => a + b, 0)) * rows)
}

/**
 * How many photos of a given label (column) to mark as being of a true class (row): the calibrated joint turned over,
 * with at least `leastPerClass` left on the diagonal and the rest scaled by `noiseShare`.
 */
export function pruneCounts(calibrated: Matrix, classes: number, leastPerClass: number, noiseShare: number): Matrix {
  const counts = new Float64Array(classes * classes)
  for (let given = 0; given < classes; given++) {
    const row = calibrated.subarray(given * classes, (given + 1) * classes)
    const diagonal = Math.max(row[given]!, leastPerClass)
    const others = row.reduce((n, count, k) => n + (k !== given && count > 0 ? 1 : 0), 0)
    const taken = (diagonal - row[given]!) / Math.max(others, 1)
    let kept = diagonal
    row.forEach((count, truth) => {
      if (truth === given) return
      const left = Math.max(count - taken, 0)
      counts[truth * classes + given] = Math.trunc(left * noiseShare)
      kept += left - left * noiseShare
    })
    counts[given * classes + given] = Math.trunc(kept)
  }
  return roundRows(counts, classes)
}

/** For every pair of classes, the photos whose other class most outweighs the given one. */
function pruneByNoiseRate(input: LabelledProbabilities, prune: Matrix, leastPerClass: number): Mask {
  const { classes, rows } = input
  const mask = new Uint8Array(rows)
  rowsByLabel(input).forEach((own, given) => {
    if (own.length <= leastPerClass) return
    for (let truth = 0; truth < classes; truth++) {
      const count = prune[truth * classes + given]!
      if (truth === given || count <= 0) continue
      const margins = differences(input, own, truth, given)
      const threshold = selectNth(margins.slice(), Math.max(0, own.length - count))
      own.forEach((row, i) => {
        if (margins[i]! >= threshold) mask[row] = 1
      })
    }
  })
  return mask
}

/** p[truth] - p[given] of each of `own`. */
function differences(
  { p, classes }: LabelledProbabilities,
  own: Int32Array,
  truth: number,
  given: number,
): Float64Array {
  const values = new Float64Array(own.length)
  for (let i = 0; i < own.length; i++) values[i] = p[own[i]! * classes + truth]! - p[own[i]! * classes + given]!
  return values
}

/** For every class, the photos least probably of it. */
function pruneByClass(input: LabelledProbabilities, prune: Matrix, leastPerClass: number): Mask {
  const { p, classes, rows } = input
  const mask = new Uint8Array(rows)
  rowsByLabel(input).forEach((own, given) => {
    if (own.length <= leastPerClass) return
    const confidences = Float64Array.from(own, row => p[row * classes + given]!)
    const threshold = selectNth(confidences.slice(), Math.max(0, own.length - prune[given * classes + given]!))
    own.forEach((row, i) => {
      if (confidences[i]! < threshold) mask[row] = 1
    })
  })
  return mask
}

function confidentlyOther(input: LabelledProbabilities, { guesses }: ConfidentJoint): Mask {
  return maskOf(input, row => guesses[row]! >= 0 && guesses[row] !== input.labels[row])
}

/** Takes the mark off photos whose most probable class is the given one (or within a hair of it). */
function keepAgreed({ p, labels, classes }: LabelledProbabilities, mask: Mask): Mask {
  return mask.map((mark, row) => {
    if (mark === 0) return 0
    const at = row * classes
    const given = labels[row]!
    const wanted = p[at + given]! + 1e-6
    // The first of equal classes is the answer, so an earlier one that ties still counts as another answer.
    for (let k = 0; k < classes; k++) if (k < given ? p[at + k]! >= wanted : k > given && p[at + k]! > wanted) return 1
    return 0
  })
}

/** Marks the `count` lowest scores; of equal ones at the edge the first. */
function lowest({ rows }: LabelledProbabilities, scores: Float64Array, count: number): Mask {
  const mask = new Uint8Array(rows)
  if (count === 0) return mask
  const threshold = selectNth(scores.slice(), count - 1)
  let room = count
  for (let row = 0; row < rows; row++) if (scores[row]! < threshold) room -= mask[row] = 1
  for (let row = 0; row < rows && room > 0; row++) if (scores[row] === threshold) room -= mask[row] = 1
  return mask
}

function maskOf({ rows }: LabelledProbabilities, test: (row: number) => boolean): Mask {
  return new Uint8Array(rows).map((_, row) => (test(row) ? 1 : 0))
}

/** Row numbers by given label; counting them first lets every list have its final length. */
function rowsByLabel(input: LabelledProbabilities): Int32Array[] {
  const lists = Array.from(countLabels(input), count => new Int32Array(count))
  const filled = new Int32Array(input.classes)
  input.labels.forEach((label, row) => {
    lists[label]![filled[label]!++] = row
  })
  return lists
}
