// Softmax with cross entropy, the end of every training step. logits [N K], labels [N] (u32) -> a scalar on the tape
// The loss stays on the GPU: row (step mod ring) of `metrics` holds mean loss and share right until somebody reads it.
// So do the margins of an epoch, by position in its order: how far each photo's own label stood above the best other
// one (Pleiss et al. 2020).

import { CoreError } from '../../error.ts'
import { crossEntropyKernel } from '../../kernels/losses/cross-entropy.ts'
import { float } from '../../kernels/kernel.ts'
import { shapeText } from '../../tensor/shape.ts'
import type { Tensor, Trace } from '../../tensor/trace.ts'
import { scaledLoss } from '../loss-scale.ts'

/** Steps whose metrics are held on the device. */
export const metricsRing = 256

export interface CrossEntropyOptions {
  readonly smoothing?: number
  /** Weight of each class; the loss is the weighted mean (PyTorch's definition). Default: all equal. */
  readonly classWeights?: readonly number[]
  /** Photos that are mixed (mixup, cutmix): `shares` [N] of the own label, the rest is of `others` [N]. */
  readonly mixed?: { readonly others: Tensor; readonly shares: Tensor } | undefined
  /** Positions of an epoch, for the margins; default: one batch. */
  readonly positions?: number
}

export function crossEntropy(logits: Tensor, labels: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { trace } = logits
  const { smoothing = 0, mixed } = options
  const [N, K] = logits.shape as [number, number]
  if (labels.size !== N) {
    throw new CoreError(
      'shape-mismatch',
      `The logits are ${shapeText(logits.shape)} but there are ${labels.size} labels.`,
      'Give one label a photo.',
    )
  }
  const weights = classWeights(trace, K, options.classWeights)
  const metrics = trace.state('metrics', [metricsRing, 4], 'f32')
  const margins = trace.state('margins', [options.positions ?? N], 'f32')
  const dlogits = trace.tensor(logits.shape)
  const { others = labels, shares = weights } = mixed ?? {} // read only where MIXED is 1
  const constants = { N, K, RING: metricsRing, MIXED: mixed ? 1 : 0, SMOOTHING: float(smoothing) }
  trace.call(crossEntropyKernel, { logits, labels, others, shares, weights, dlogits, metrics, margins }, constants)
  const loss = trace.tensor([1])
  trace.onBackward(loss, () => [[logits, trace.half ? scaledLoss(dlogits) : dlogits]])
  return loss
}

function classWeights(
  trace: Trace,
  classes: number,
  weights: readonly number[] = Array<number>(classes).fill(1),
): Tensor {
  if (weights.length !== classes || !weights.every(weight => weight >= 0 && Number.isFinite(weight))) {
    throw new CoreError(
      'bad-argument',
      `There are ${classes} classes but the class weights are [${weights.join(', ')}].`,
      'Give each class one weight that is not negative.',
    )
  }
  return trace.state('loss.weights', [classes], 'f32', values => values.set(weights))
}
