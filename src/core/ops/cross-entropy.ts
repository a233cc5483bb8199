// Softmax with cross entropy, the end of every training step. logits [N K], labels [N] (u32) -> a scalar on the tape
// The loss stays on the GPU: row (step mod ring) of `metrics` holds mean loss and share right until somebody reads it.
// So do the margins of an epoch, by position in its order: how far each photo's own label stood above the best other
// one (Pleiss et al. 2020).

import crossEntropyWgsl from '../../../shaders/elementwise/cross-entropy.wgsl?raw'
import { CoreError } from '../error.ts'
import { float, kernel } from '../kernels/kernel.ts'
import { shapeText, type Tensor } from '../tensor/tensor.ts'
import type { Trace } from '../tensor/trace.ts'
import { scaledLoss } from './loss-scale.ts'

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

export const crossEntropyKernel = kernel({
  name: 'cross-entropy',
  source: crossEntropyWgsl,
  bindings: {
    logits: 'read',
    labels: 'read',
    others: 'read',
    shares: 'read',
    weights: 'read',
    dlogits: 'write',
    metrics: 'update',
    margins: 'update',
  },
  step: true,
  grid: () => [1, 1, 1],
  reference: (
    { logits, labels, others, shares, weights, dlogits, metrics, margins },
    { N, K, RING, MIXED, SMOOTHING },
    { step, batchStart },
  ) => {
    const shareOf = (n: number) => (MIXED ? shares[n] : 1)
    const goalsOf = (n: number) => {
      const goals = Array.from({ length: K! }, (_, k) => (weights[k] * SMOOTHING!) / K!)
      goals[labels[n]]! += weights[labels[n]] * (1 - SMOOTHING!) * shareOf(n)
      if (MIXED) goals[others[n]]! += weights[others[n]] * (1 - SMOOTHING!) * (1 - shareOf(n))
      return goals
    }
    let [total, loss, right] = [0, 0, 0]
    for (let n = 0; n < N!; n++)
      total += shareOf(n) * weights[labels[n]] + (MIXED ? (1 - shareOf(n)) * weights[others[n]] : 0)
    total = total > 0 ? Math.max(total, 1e-12) : Infinity // a batch whose labels all weigh nothing teaches nothing
    for (let n = 0; n < N!; n++) {
      const row = logits.subarray(n * K!, (n + 1) * K!)
      const { largest, logSum } = logSumOf(row)
      const goals = goalsOf(n)
      const sum = goals.reduce((a, b) => a + b, 0)
      for (let k = 0; k < K!; k++) {
        loss -= goals[k]! * (row[k] - logSum)
        dlogits[n * K! + k] = (Math.exp(row[k] - logSum) * sum - goals[k]!) / total
      }
      margins[batchStart + n] = row[labels[n]] - bestOther(row, labels[n])
      if (row.indexOf(largest) === labels[n]) right++
    }
    metrics[(step % RING!) * 4] = loss / total
    metrics[(step % RING!) * 4 + 1] = right / N!
  },
})

function logSumOf(row: Float32Array): { readonly largest: number; readonly logSum: number } {
  const largest = row.reduce((a, b) => Math.max(a, b), -Infinity)
  let sum = 0
  for (const value of row) sum += Math.exp(value - largest)
  return { largest, logSum: Math.log(sum) + largest }
}

function bestOther(row: Float32Array, label: number): number {
  return row.reduce((best, value, k) => (k === label ? best : Math.max(best, value)), -Infinity)
}
