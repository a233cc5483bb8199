// Any values of a batch as rows of a state that outlives the step, to be read once at the end. x [N ...] -> results
// [ROWS D], D values a photo

import { storeRowsKernel } from '../../kernels/batch/store-rows.ts'
import type { Tensor } from '../../tensor/trace.ts'

export function storeRows(results: Tensor, x: Tensor): void {
  const N = x.shape[0]!
  x.trace.call(storeRowsKernel, { x, results }, { N, D: x.size / N })
}
