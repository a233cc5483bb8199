// Any values of a batch as rows of a state that outlives the step, to be read once at the end. x [N ...] -> results
// [ROWS D], D values a photo

import storeRowsWgsl from '../../../../shaders/batch/store-rows.wgsl?raw'
import { elementKernel } from '../../kernels/kernel.ts'
import type { Tensor } from '../../tensor/tensor.ts'

export function storeRows(results: Tensor, x: Tensor): void {
  const N = x.shape[0]!
  x.trace.call(storeRowsKernel, { x, results }, { N, D: x.size / N })
}

export const storeRowsKernel = elementKernel({
  name: 'store-rows',
  source: storeRowsWgsl,
  bindings: { x: 'read', results: 'update' },
  step: true,
  elements: c => c.N! * c.D!,
  reference: ({ x, results }, { N, D }, { batchStart, batchCount }) => {
    results.set(x.subarray(0, Math.min(N!, batchCount) * D!), batchStart * D!)
  },
})
