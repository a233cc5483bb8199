// Any values of a batch as rows of a state that outlives the step.  x [N D] -> results [ROWS D]

import storeRowsWgsl from '../../../../shaders/batch/store-rows.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { itemPass } from '../wasm-form.ts'

export const storeRowsKernel = elementKernel({
  name: 'store-rows',
  source: storeRowsWgsl,
  bindings: { x: 'read', results: 'update' },
  constants: ['N', 'D'],
  step: true,
  elements: c => c.N * c.D,
  wasm: c => [itemPass('storeRows', c.N, c.D)],
  reference: ({ x, results }, { N, D }, { batchStart, batchCount }) => {
    results.set(x.subarray(0, Math.min(N, batchCount) * D), batchStart * D)
  },
})
