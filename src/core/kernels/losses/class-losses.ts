// Losses beside the cross entropy, each with its gradient: one invocation a photo. logits [N K], goals [N K] and counts
// [N] (loss-frame.ts) -> losses [N], dlogits [N K]; the sum of the losses is the loss of the batch.

import binaryWgsl from '../../../../shaders/losses/binary-cross-entropy.wgsl?raw'
import focalWgsl from '../../../../shaders/losses/focal.wgsl?raw'
import squaredWgsl from '../../../../shaders/losses/mean-squared-error.wgsl?raw'
import { elementKernel } from '../kernel.ts'

const bindings = { logits: 'read', goals: 'read', counts: 'read', losses: 'write', dlogits: 'write' } as const

/** PyTorch's BCEWithLogitsLoss: mean over k of max(z, 0) - z goal + log(1 + exp(-|z|)). */
export const binaryCrossEntropyKernel = elementKernel({
  name: 'binary-cross-entropy',
  source: binaryWgsl,
  bindings,
  constants: ['N', 'K'],
  elements: c => c.N,
  reference: ({ logits, goals, counts, losses, dlogits }, { N, K }) => {
    losses.fill(0)
    for (let i = 0; i < N * K; i++) {
      const [n, z, goal] = [Math.floor(i / K), logits[i]!, goals[i]!]
      const small = Math.exp(-Math.abs(z))
      losses[n]! += ((Math.max(z, 0) - z * goal + Math.log(1 + small)) * counts[n]!) / K
      dlogits[i] = (((z >= 0 ? 1 : small) / (1 + small) - goal) * counts[n]!) / K
    }
  },
})

/** PyTorch's MSELoss: mean over k of (z - goal)^2. */
export const meanSquaredErrorKernel = elementKernel({
  name: 'mean-squared-error',
  source: squaredWgsl,
  bindings,
  constants: ['N', 'K'],
  elements: c => c.N,
  reference: ({ logits, goals, counts, losses, dlogits }, { N, K }) => {
    losses.fill(0)
    for (let i = 0; i < N * K; i++) {
      const [n, away] = [Math.floor(i / K), logits[i]! - goals[i]!]
      losses[n]! += (away * away * counts[n]!) / K
      dlogits[i] = (2 * away * counts[n]!) / K
    }
  },
})

/** - sum over k of goal (1 - p)^GAMMA log p, p the softmax (Lin et al. 2017). */
export const focalKernel = elementKernel({
  name: 'focal',
  source: focalWgsl,
  bindings,
  constants: ['N', 'K', 'GAMMA'],
  elements: c => c.N,
  reference: ({ logits, goals, counts, losses, dlogits }, { N, K, GAMMA }) => {
    const focus = (p: number) => Math.max(1 - p, 1e-7) ** GAMMA
    for (let n = 0; n < N; n++) {
      const row = Array.from(logits.subarray(n * K, (n + 1) * K))
      const largest = Math.max(...row)
      const logSum = Math.log(row.reduce((sum, z) => sum + Math.exp(z - largest), 0)) + largest
      const logs = row.map(z => z - logSum)
      const pulls = logs.map((log, k) => {
        const p = Math.exp(log)
        return goals[n * K + k]! * focus(p) * (1 - (GAMMA * p * log) / Math.max(1 - p, 1e-7))
      })
      const pull = pulls.reduce((a, b) => a + b, 0)
      losses[n] = logs.reduce((loss, log, k) => loss - goals[n * K + k]! * focus(Math.exp(log)) * log, 0) * counts[n]!
      logs.forEach((log, k) => (dlogits[n * K + k] = (Math.exp(log) * pull - pulls[k]!) * counts[n]!))
    }
  },
})
