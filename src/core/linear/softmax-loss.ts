// The loss of softmax regression (multinomial logistic regression) from its logits: the mean cross-entropy over the rows
// that count, and its slopes. logits [N K]

export interface LabelledRows {
  /** [N], 0 .. classes - 1; of a row that does not count anything. */
  readonly labels: ArrayLike<number>
  /** [N]: 1 for a row that counts, 0 for one that does not. */
  readonly counts: ArrayLike<number>
  readonly classes: number
}

/** The loss; leaves (p - one-hot) / rows, its slopes, in the place of the logits, 0 in rows that do not count. */
export function softmaxLoss(z: Float64Array, { labels, counts, classes }: LabelledRows): number {
  let rows = 0
  for (let n = 0; n < labels.length; n++) rows += counts[n]!
  let loss = 0
  for (let n = 0; n < labels.length; n++) {
    const at = n * classes
    if (counts[n] === 0) {
      z.fill(0, at, at + classes)
      continue
    }
    const own = at + labels[n]!
    const score = z[own]!
    loss += softmaxRow(z, at, classes) - score
    for (let k = 0; k < classes; k++) z[at + k]! /= rows
    z[own]! -= 1 / rows
  }
  return rows === 0 ? 0 : loss / rows
}

/** `classes` logits from `at` on as probabilities, in place; answers log sum exp of what they were. */
export function softmaxRow(z: Float64Array | Float32Array, at: number, classes: number): number {
  let most = -Infinity
  for (let k = 0; k < classes; k++) most = Math.max(most, z[at + k]!)
  let sum = 0
  for (let k = 0; k < classes; k++) sum += z[at + k] = Math.exp(z[at + k]! - most)
  for (let k = 0; k < classes; k++) z[at + k]! /= sum
  return most + Math.log(sum)
}
