// Softmax with cross entropy, and its gradient. logits [N K], labels [N] -> dlogits [N K]; row (step mod RING) of
// `metrics` gets mean loss and share right, `margins` how far each photo's own label stood above the best other one.

import crossEntropyWgsl from '../../../../shaders/losses/cross-entropy.wgsl?raw'
import { kernel } from '../kernel.ts'

export const crossEntropyKernel = kernel({
  name: 'cross-entropy',
  source: crossEntropyWgsl,
  bindings: {
    logits: 'read',
    labels: 'read u32',
    others: 'read u32',
    shares: 'read',
    weights: 'read',
    dlogits: 'write',
    metrics: 'update',
    margins: 'update',
  },
  constants: ['N', 'K', 'RING', 'MIXED', 'SMOOTHING'],
  step: true,
  grid: () => [1, 1, 1],
  reference: (
    { logits, labels, others, shares, weights, dlogits, metrics, margins },
    { N, K, RING, MIXED, SMOOTHING },
    { step, batchStart },
  ) => {
    const shareOf = (n: number) => (MIXED ? shares[n]! : 1)
    const weightOf = (label: number) => weights[label]!
    const goalsOf = (n: number) => {
      const goals = Array.from({ length: K }, (_, k) => (weightOf(k) * SMOOTHING) / K)
      goals[labels[n]!]! += weightOf(labels[n]!) * (1 - SMOOTHING) * shareOf(n)
      if (MIXED) goals[others[n]!]! += weightOf(others[n]!) * (1 - SMOOTHING) * (1 - shareOf(n))
      return goals
    }
    let [total, loss, right] = [0, 0, 0]
    for (let n = 0; n < N; n++)
      total += shareOf(n) * weightOf(labels[n]!) + (MIXED ? (1 - shareOf(n)) * weightOf(others[n]!) : 0)
    total = total > 0 ? Math.max(total, 1e-12) : Infinity // a batch whose labels all weigh nothing teaches nothing
    for (let n = 0; n < N; n++) {
      const row = logits.subarray(n * K, (n + 1) * K)
      const { largest, logSum } = logSumOf(row)
      const goals = goalsOf(n)
      const sum = goals.reduce((a, b) => a + b, 0)
      for (let k = 0; k < K; k++) {
        loss -= goals[k]! * (row[k]! - logSum)
        dlogits[n * K + k] = (Math.exp(row[k]! - logSum) * sum - goals[k]!) / total
      }
      margins[batchStart + n] = row[labels[n]!]! - bestOther(row, labels[n]!)
      if (row.indexOf(largest) === labels[n]) right++
    }
    metrics[(step % RING) * 4] = loss / total
    metrics[(step % RING) * 4 + 1] = right / N
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
