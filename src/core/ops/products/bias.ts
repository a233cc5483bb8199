// y = y + b along the last dimension, with an optional ReLU, in place on a product that nobody else has seen yet; and
// its gradient, the sums of the columns. y [M K], b [K]

import biasReluWgsl from '../../../../shaders/products/bias-relu.wgsl?raw'
import columnSumWgsl from '../../../../shaders/products/column-sum.wgsl?raw'
import { elementKernel } from '../../kernels/kernel.ts'
import type { Tensor } from '../../tensor/tensor.ts'

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

export const biasRelu = elementKernel({
  name: 'bias-relu',
  source: biasReluWgsl,
  bindings: { b: 'read', y: 'update' },
  half: ['y'],
  elements: c => c.LENGTH!,
  reference: ({ b, y }, { K, RELU }) => {
    for (let i = 0; i < y.length; i++) {
      const value = y[i] + b[i % K!]
      y[i] = RELU === 1 ? Math.max(value, 0) : value
    }
  },
})

export const columnSum = elementKernel({
  name: 'column-sum',
  source: columnSumWgsl,
  bindings: { dy: 'read', sums: 'write' },
  half: ['dy'],
  elements: c => c.SPLITS! * c.K!,
  reference: ({ dy, sums }, { M, K, SPLITS, ROWS, STRIDE }) => {
    for (let s = 0; s < SPLITS!; s++) {
      for (let k = 0; k < K!; k++) sums[s * STRIDE! + k] = 0
      for (let m = s * ROWS!; m < Math.min(M!, (s + 1) * ROWS!); m++) {
        for (let k = 0; k < K!; k++) sums[s * STRIDE! + k] += dy[m * K! + k]
      }
    }
  },
})
