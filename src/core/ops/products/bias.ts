// Adds a bias along the last dimension, with an optional ReLU: y = y + b, in place on a product that no other op has
// read yet. Its gradient are the sums of the columns. y [M K], b [K]

import { biasRelu, columnSum } from '../../kernels/products/bias.ts'
import type { Tensor } from '../../tensor/trace.ts'

export function addBias(y: Tensor, b: Tensor, options: { readonly relu: boolean }): void {
  y.trace.call(biasRelu, { b, y }, { LENGTH: y.size, K: b.size, RELU: options.relu ? 1 : 0 })
  if (options.relu) y.trace.markRectified(y)
}

/** db [splits, K]: partial sums of dy over its rows. */
export function biasGradient(dy: Tensor, b: Tensor): Tensor {
  const rows = dy.size / b.size
  const splits = Math.max(1, Math.min(64, Math.ceil(rows / 64)))
  const sums = dy.trace.gradient(b, splits)
  const constants = { M: rows, K: b.size, SPLITS: splits, ROWS: Math.ceil(rows / splits), STRIDE: sums.shape[1]! }
  dy.trace.call(columnSum, { dy, sums }, constants)
  return sums
}
