// Probabilities of a batch as rows of the results of a whole pass.  logits [N K] -> results [ROWS K]
// Evaluation reads the results once at the end, so no batch waits for a readback.

import softmaxWgsl from '../../../shaders/elementwise/softmax.wgsl?raw'
import { elementKernel } from '../kernels/kernel.ts'
import type { Tensor } from '../tensor/tensor.ts'

export function softmaxInto(results: Tensor, logits: Tensor): void {
  const [N, K] = logits.shape as [number, number]
  logits.trace.call(softmaxKernel, { logits, results }, { N, K })
}

export const softmaxKernel = elementKernel({
  name: 'softmax',
  source: softmaxWgsl,
  bindings: { logits: 'read', results: 'update' },
  step: true,
  elements: c => c.N!,
  reference: ({ logits, results }, { N, K }, { batchStart, batchCount }) => {
    for (let n = 0; n < Math.min(N!, batchCount); n++) {
      const row = logits.subarray(n * K!, (n + 1) * K!)
      const largest = row.reduce((a: number, b: number) => Math.max(a, b), -Infinity)
      let sum = 0
      for (let k = 0; k < K!; k++) sum += Math.exp(row[k] - largest)
      for (let k = 0; k < K!; k++) results[(batchStart + n) * K! + k] = Math.exp(row[k] - largest) / sum
    }
  },
})
