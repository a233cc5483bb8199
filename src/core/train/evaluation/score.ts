// Loss and accuracy from probabilities, and metrics that callers bring, on the CPU: evaluation passes are read back
// whole.

import { CoreError } from '../../error.ts'

/** Mean cross entropy of the softmax in nats, and the share of right answers in 0..1. */
export interface Score {
  readonly loss: number
  readonly accuracy: number
}

/** A measure of your own: what probabilities [rows, classes] are worth, given the class of each row. */
export type Metric = (probabilities: Float32Array, labels: Uint32Array) => number

/** Every metric of these answers. Throws CoreError 'bad-argument' naming one that gives no number. */
export function measure(
  metrics: Readonly<Record<string, Metric>>,
  probabilities: Float32Array,
  labels: Uint32Array,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => {
      const value: unknown = metric(probabilities, labels)
      if (typeof value === 'number') return [name, value]
      throw new CoreError('bad-argument', `The metric ${name} gives ${String(value)}.`, 'Let it answer a number.')
    }),
  )
}

/** Whether a score is better than another: more right answers, or as many and surer of them. Anything beats nothing. */
export function isBetter(score: Score, than: Score | undefined): boolean {
  if (!than) return true
  return score.accuracy > than.accuracy || (score.accuracy === than.accuracy && score.loss < than.loss)
}

/** `labels[i]` is the class of row i of `probabilities` [rows, classes]. Zero probability counts as 1e-12. */
export function score(probabilities: Float32Array, labels: ArrayLike<number>): Score {
  const rows = labels.length
  const classes = probabilities.length / rows
  let [loss, right] = [0, 0]
  for (let i = 0; i < rows; i++) {
    loss -= Math.log(Math.max(probabilities[i * classes + labels[i]!]!, 1e-12))
    if (mostProbable(probabilities, i, classes) === labels[i]) right++
  }
  return { loss: loss / rows, accuracy: right / rows }
}

/** The class with the largest probability in row i; the first of equals. */
export function mostProbable(probabilities: Float32Array, row: number, classes: number): number {
  let best = 0
  for (let k = 1; k < classes; k++) {
    if (probabilities[row * classes + k]! > probabilities[row * classes + best]!) best = k
  }
  return best
}
