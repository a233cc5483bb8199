// Probabilities of a batch as rows of the results of a whole pass.  logits [N K] -> results [ROWS K]

import softmaxWgsl from '../../../../shaders/elementwise/softmax.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { itemPass } from '../wasm-form.ts'

export const softmaxKernel = elementKernel({
  name: 'softmax',
  source: softmaxWgsl,
  bindings: { logits: 'read', results: 'update' },
  constants: ['N', 'K'],
  step: true,
  elements: c => c.N,
  wasm: c => [itemPass('softmax', c.N, c.K * 32)],
  reference: ({ logits, results }, { N, K }, { batchStart, batchCount }) => {
    for (let n = 0; n < Math.min(N, batchCount); n++) {
      const row = logits.subarray(n * K, (n + 1) * K)
      const largest = row.reduce((a, b) => Math.max(a, b), -Infinity)
      let sum = 0
      for (let k = 0; k < K; k++) sum += Math.exp(row[k]! - largest)
      for (let k = 0; k < K; k++) results[(batchStart + n) * K + k] = Math.exp(row[k]! - largest) / sum
    }
  },
})
