// What heads say of rows that were in no table: the mean of their probabilities, on the processor.

import { CoreError } from '../error.ts'
import type { FeatureTable, LinearHead } from './linear-heads.ts'
import { softmaxRow } from './softmax-loss.ts'

/** Probabilities [rows classes], a mean over the heads: features x size -> logits x W^T + b -> softmax, head by head. Throws
 *  CoreError 'bad-argument' where a head is of another size, or there is none. */
export function headAnswers(
  heads: readonly LinearHead[],
  { values, size }: FeatureTable,
  classes: number,
): Float32Array<ArrayBuffer> {
  const wrong = heads.find(({ weight, bias }) => weight.length !== classes * size || bias.length !== classes)
  if (heads.length === 0 || wrong)
    throw new CoreError(
      'bad-argument',
      wrong
        ? `A head of ${wrong.weight.length} weights does not fit ${classes} classes of ${size} features.`
        : 'There is no head to answer.',
      'Learn heads on features of this size first.',
    )
  const rows = values.length / size
  const mean = new Float32Array(rows * classes)
  const logits = new Float64Array(classes)
  for (let row = 0; row < rows; row++) {
    const x = values.subarray(row * size, (row + 1) * size)
    for (const head of heads) {
      answerRow(head, x, logits)
      for (let k = 0; k < classes; k++) mean[row * classes + k]! += logits[k]! / heads.length
    }
  }
  return mean
}

/** The head's probabilities of one row, into `logits`. */
function answerRow({ weight, bias }: LinearHead, x: Float32Array, logits: Float64Array): void {
  for (let k = 0; k < logits.length; k++) {
    const from = k * x.length
    let sum = bias[k]!
    for (let i = 0; i < x.length; i++) sum += weight[from + i]! * x[i]!
    logits[k] = sum
  }
  softmaxRow(logits, 0, logits.length)
}
