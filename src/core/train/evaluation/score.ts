// Loss and accuracy from probabilities, on the CPU: evaluation passes are read back whole.

export interface Score {
  readonly loss: number
  readonly accuracy: number
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
