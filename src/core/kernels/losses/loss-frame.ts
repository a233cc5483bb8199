// What stands around every loss of an own kernel: goals and weights of the photos before it, the step's metrics and
// margins after it.

import goalsWgsl from '../../../../shaders/losses/loss-goals.wgsl?raw'
import metricsWgsl from '../../../../shaders/losses/loss-metrics.wgsl?raw'
import { kernel } from '../kernel.ts'

/** labels [N], others [N], shares [N], weights [K] -> goals [N K] whose rows sum to 1, counts [N] which sum to 1. */
export const lossGoals = kernel({
  name: 'loss-goals',
  source: goalsWgsl,
  bindings: {
    labels: 'read u32',
    others: 'read u32',
    shares: 'read',
    weights: 'read',
    goals: 'write',
    counts: 'write',
  },
  constants: ['N', 'K', 'MIXED', 'SMOOTHING'],
  grid: () => [1, 1, 1],
  reference: ({ labels, others, shares, weights, goals, counts }, { N, K, MIXED, SMOOTHING }) => {
    const shareOf = (n: number) => (MIXED ? shares[n]! : 1)
    let counted = 0
    for (let n = 0; n < N; n++) {
      counts[n] = shareOf(n) * weights[labels[n]!]! + (MIXED ? (1 - shareOf(n)) * weights[others[n]!]! : 0)
      counted += counts[n]!
      goals.fill(SMOOTHING / K, n * K, (n + 1) * K)
      goals[n * K + labels[n]!]! += (1 - SMOOTHING) * shareOf(n)
      if (MIXED) goals[n * K + others[n]!]! += (1 - SMOOTHING) * (1 - shareOf(n))
    }
    const total = counted > 0 ? Math.max(counted, 1e-12) : Infinity
    for (let n = 0; n < N; n++) counts[n]! /= total
  },
})

/** losses [N], logits [N K], labels [N] -> metrics [RING 4], margins. */
export const lossMetrics = kernel({
  name: 'loss-metrics',
  source: metricsWgsl,
  bindings: { losses: 'read', logits: 'read', labels: 'read u32', metrics: 'update', margins: 'update' },
  constants: ['N', 'K', 'RING'],
  step: true,
  grid: () => [1, 1, 1],
  reference: ({ losses, logits, labels, metrics, margins }, { N, K, RING }, { step, batchStart }) => {
    let [loss, right] = [0, 0]
    for (let n = 0; n < N; n++) {
      const row = logits.subarray(n * K, (n + 1) * K)
      const label = labels[n]!
      const rival = row.reduce((best, value, k) => (k === label ? best : Math.max(best, value)), -Infinity)
      margins[batchStart + n] = row[label]! - rival
      if (row.indexOf(Math.max(...row)) === label) right++
      loss += losses[n]!
    }
    metrics[(step % RING) * 4] = loss
    metrics[(step % RING) * 4 + 1] = right / N
  },
})
