// How well each photo's label fits what a model says of it, from 0 (bad) to 1 (good). Self-confidence also finds what
// belongs to no class; the margin finds what fits another class better; the weighted entropy punishes a doubtful label
// on a doubtful photo less.

import { ServiceError } from '../../../contract/errors.ts'
import { confidentThresholds } from './confident-joint.ts'
import type { LabelledProbabilities } from './probabilities.ts'

export const scoreNames = ['self-confidence', 'normalized-margin', 'confidence-weighted-entropy'] as const
export type LabelScoreName = (typeof scoreNames)[number]

const least = 1e-6

/** [rows]: one score a photo. `adjust` first takes each class's own confidence off, for classes of unequal size;
 *  entropy has no such form. */
export function labelScores(input: LabelledProbabilities, score: LabelScoreName, adjust = false): Float64Array {
  if (adjust && score === 'confidence-weighted-entropy') {
    throw new ServiceError(
      'bad-score',
      'The confidence-weighted entropy cannot be adjusted for imbalance.',
      'Choose self-confidence or the normalized margin, or leave the adjustment out.',
    )
  }
  const used = adjust ? adjustForImbalance(input) : input
  const scorer = scorers[score]
  return new Float64Array(used.rows).map((_, row) => scorer(used, row))
}

/** Rows from the lowest score to the highest; equal ones in their order. */
export function rankRows(scores: Float64Array, rows: ArrayLike<number> = scores.map((_, row) => row)): number[] {
  return Array.from(rows).sort((a, b) => scores[a]! - scores[b]! || a - b)
}

const scorers: Readonly<Record<LabelScoreName, (input: LabelledProbabilities, row: number) => number>> = {
  'self-confidence': ({ p, labels, classes }, row) => p[row * classes + labels[row]!]!,
  'normalized-margin': (input, row) => (margin(input, row) + 1) / 2,
  'confidence-weighted-entropy': ({ p, labels, classes }, row) => {
    let entropy = 0
    for (let k = 0; k < classes; k++) {
      const value = p[row * classes + k]!
      if (value > 0) entropy -= value * Math.log(value)
    }
    const weighted = entropy / Math.log(classes) / Math.max(p[row * classes + labels[row]!]!, least)
    return Math.log(weighted + 1) / Math.max(weighted, least)
  },
}

/** The given label's probability less that of the best other class, -1 .. 1. */
export function margin({ p, labels, classes }: LabelledProbabilities, row: number): number {
  const at = row * classes
  const given = labels[row]!
  let other = -Infinity
  for (let k = 0; k < classes; k++) if (k !== given && p[at + k]! > other) other = p[at + k]!
  return p[at + given]! - other
}

/** p - t + max t, each row then summing to 1 again; t are the confident thresholds. */
function adjustForImbalance(input: LabelledProbabilities): LabelledProbabilities {
  const { classes, rows } = input
  const thresholds = confidentThresholds(input)
  const most = Math.max(...thresholds)
  const p = input.p.map((value, i) => value - thresholds[i % classes]! + most)
  for (let row = 0; row < rows; row++) {
    const own = p.subarray(row * classes, (row + 1) * classes)
    const sum = own.reduce((a, b) => a + b, 0)
    for (let k = 0; k < classes; k++) own[k]! /= sum
  }
  return { ...input, p }
}
