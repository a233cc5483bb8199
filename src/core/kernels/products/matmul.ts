// The matrix product.  a [M K], b [K N] -> y [M N]; TRANSPOSE_A, TRANSPOSE_B: that side lies transposed.

import matmulWgsl from '../../../../shaders/products/matmul.wgsl?raw'
import { elementKernel, type ReadFloats } from '../kernel.ts'
import { matmulPasses } from './product-passes.ts'

export const matmulKernel = elementKernel({
  name: 'matmul',
  source: matmulWgsl,
  bindings: { a: 'read', b: 'read', y: 'write' },
  constants: ['M', 'N', 'K', 'TRANSPOSE_A', 'TRANSPOSE_B'],
  elements: c => c.M * c.N,
  wasm: matmulPasses,
  reference: ({ a, b, y }, { M, N, K, TRANSPOSE_A, TRANSPOSE_B }) => {
    const [aRow, aColumn] = TRANSPOSE_A ? [1, M] : [K, 1]
    for (let m = 0; m < M; m++) {
      if (TRANSPOSE_B) productOfRows(a, b, y, m, { N, K, aRow, aColumn })
      else addRows(a, b, y, m, { N, K, aRow, aColumn })
    }
  },
})

interface Strides {
  readonly N: number
  readonly K: number
  readonly aRow: number
  readonly aColumn: number
}

/** Row m of y as a sum of rows of b [K N]: the inner loop runs along memory. */
function addRows(a: ReadFloats, b: ReadFloats, y: Float32Array, m: number, { N, K, aRow, aColumn }: Strides): void {
  y.fill(0, m * N, (m + 1) * N)
  for (let k = 0; k < K; k++) {
    const left = a[m * aRow + k * aColumn]!
    for (let n = 0; n < N; n++) y[m * N + n]! += left * b[k * N + n]!
  }
}

/** Row m of y as products with rows of b [N K]. */
function productOfRows(
  a: ReadFloats,
  b: ReadFloats,
  y: Float32Array,
  m: number,
  { N, K, aRow, aColumn }: Strides,
): void {
  for (let n = 0; n < N; n++) {
    let sum = 0
    for (let k = 0; k < K; k++) sum += a[m * aRow + k * aColumn]! * b[n * K + k]!
    y[m * N + n] = sum
  }
}
