// y = y + b along the last dimension, with an optional ReLU, in place; and its gradient, the sums of the columns.

import biasReluWgsl from '../../../../shaders/products/bias-relu.wgsl?raw'
import columnSumWgsl from '../../../../shaders/products/column-sum.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { itemPass } from '../wasm-form.ts'
import { columnSumPass } from './product-passes.ts'

export const biasRelu = elementKernel({
  name: 'bias-relu',
  source: biasReluWgsl,
  bindings: { b: 'read', y: 'update' },
  constants: ['LENGTH', 'K', 'RELU'],
  half: ['y'],
  elements: c => c.LENGTH,
  wasm: c => [itemPass('biasRelu', c.LENGTH / c.K, c.K, { to: { binding: 'y', bytes: c.K * 4 } })],
  reference: ({ b, y }, { K, RELU }) => {
    for (let i = 0; i < y.length; i++) {
      const value = y[i]! + b[i % K]!
      y[i] = RELU === 1 ? Math.max(value, 0) : value
    }
  },
})

/** sums [SPLITS STRIDE] from dy [M K]: split s adds up rows s ROWS .. (s + 1) ROWS - 1. */
export const columnSum = elementKernel({
  name: 'column-sum',
  source: columnSumWgsl,
  bindings: { dy: 'read', sums: 'write' },
  constants: ['M', 'K', 'SPLITS', 'ROWS', 'STRIDE'],
  half: ['dy'],
  elements: c => c.SPLITS * c.K,
  wasm: c => [columnSumPass({ dy: 'dy', sums: 'sums' }, c)],
  reference: ({ dy, sums }, { M, K, SPLITS, ROWS, STRIDE }) => {
    for (let s = 0; s < SPLITS; s++) {
      for (let k = 0; k < K; k++) sums[s * STRIDE + k] = 0
      for (let m = s * ROWS; m < Math.min(M, (s + 1) * ROWS); m++) {
        for (let k = 0; k < K; k++) sums[s * STRIDE + k]! += dy[m * K + k]!
      }
    }
  },
})
