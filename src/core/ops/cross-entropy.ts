// Softmax with cross entropy, the end of every training step.  logits [N K], labels [N] (u32) -> a scalar on the tape
// The loss stays on the GPU: row (step mod ring) of `metrics` holds mean loss and share right until somebody reads it. So do the margins of
// an epoch, by position in its order: how far each photo's own label stood above the best other one (Pleiss et al. 2020).

import crossEntropyWgsl from '../../../shaders/cross-entropy.wgsl?raw'
import { CoreError } from '../error.ts'
import { float, kernel } from '../gpu/kernel.ts'
import { shapeText, type Tensor } from '../tensor/tensor.ts'

/** Steps whose metrics are held on the device. */
export const metricsRing = 256

export interface CrossEntropyOptions {
  readonly smoothing?: number
  /** Positions of an epoch, for the margins; default: one batch. */
  readonly positions?: number
}

export function crossEntropy(logits: Tensor, labels: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { trace } = logits
  const [N, K] = logits.shape as [number, number]
  if (labels.size !== N) {
    throw new CoreError('shape-mismatch', `The logits are ${shapeText(logits.shape)} but there are ${labels.size} labels.`, 'Give one label a photo.')
  }
  const metrics = trace.state('metrics', [metricsRing, 4], 'f32')
  const margins = trace.state('margins', [options.positions ?? N], 'f32')
  const dlogits = trace.tensor(logits.shape)
  trace.call(crossEntropyKernel, { logits, labels, dlogits, metrics, margins }, { N, K, RING: metricsRing, TURNS: Math.ceil(N / 256), SMOOTHING: float(options.smoothing ?? 0) })
  const loss = trace.tensor([1])
  trace.onBackward(loss, () => [[logits, dlogits]])
  return loss
}

export const crossEntropyKernel = kernel({
  name: 'cross-entropy',
  source: crossEntropyWgsl,
  bindings: { logits: 'read', labels: 'read', dlogits: 'write', metrics: 'update', margins: 'update' },
  step: true,
  grid: () => [1, 1, 1],
  twin: ({ logits, labels, dlogits, metrics, margins }, { N, K, RING, SMOOTHING }, { step, batchStart }) => {
    let [loss, right] = [0, 0]
    for (let n = 0; n < N!; n++) {
      const row = logits.subarray(n * K!, (n + 1) * K!)
      const largest = row.reduce((a: number, b: number) => Math.max(a, b), -Infinity)
      let sum = 0
      for (let k = 0; k < K!; k++) sum += Math.exp(row[k] - largest)
      const logSum = Math.log(sum) + largest
      for (let k = 0; k < K!; k++) {
        const goal = SMOOTHING! / K! + (k === labels[n] ? 1 - SMOOTHING! : 0)
        loss -= goal * (row[k] - logSum)
        dlogits[n * K! + k] = (Math.exp(row[k] - logSum) - goal) / N!
      }
      margins[batchStart + n] = row[labels[n]] - bestOther(row, labels[n])
      if (row.indexOf(largest) === labels[n]) right++
    }
    metrics[(step % RING!) * 4] = loss / N!
    metrics[(step % RING!) * 4 + 1] = right / N!
  },
})

function bestOther(row: Float32Array, label: number): number {
  return row.reduce((best, value, k) => (k === label ? best : Math.max(best, value)), -Infinity)
}
