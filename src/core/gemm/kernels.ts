// The hot kernels as the ops call them: matrix product and convolution in one group. Each writes its shader for the
// constants of a call and the device at hand; the plain kernels (kernels/products) are their references. Those that are
// `Fusable` take epilogues (tensor/fuse.ts).

import type { Dims } from '../kernels/kernel.ts'
import { columnSum } from '../kernels/products/bias.ts'
import { convConstants } from '../kernels/products/conv-dims.ts'
import { conv2dForward, conv2dInputGradient, conv2dWeightGradient } from '../kernels/products/conv2d.ts'
import { matmulKernel } from '../kernels/products/matmul.ts'
import {
  forwardProduct,
  forwardSize,
  inputGradientProduct,
  inputGradientSize,
  weightGradientProduct,
} from './convolution.ts'
import { fusable } from './fused.ts'
import { matmulProduct } from './matmul.ts'
import { productKernel } from './product-kernel.ts'
import {
  columnSumPass,
  convForwardPasses,
  convInputGradientPasses,
  convWeightGradientPasses,
  matmulPasses,
} from '../kernels/products/product-passes.ts'

const matmulConstants = ['M', 'N', 'K', 'TRANSPOSE_A', 'TRANSPOSE_B'] as const

/** y [M N] = a b; TRANSPOSE_A, TRANSPOSE_B: that side lies transposed. */
export const product = fusable({
  name: 'product',
  bindings: { a: 'read', b: 'read', y: 'write' },
  constants: matmulConstants,
  half: ['a', 'b', 'y'],
  result: 'y',
  wasm: matmulPasses,
  reference: matmulKernel.reference,
  size: c => ({ m: c.M, n: c.N }),
  product: (c, chain) => matmulProduct({ ...matmulSpec(c), chain }),
})

/** y [M N] = a b and sums [N], the columns of b added up: the gradients of a dense layer's weight and bias. */
export const productSums = productKernel({
  name: 'product-sums',
  bindings: { a: 'read', b: 'read', y: 'write', sums: 'write' },
  constants: matmulConstants,
  half: ['a', 'b'],
  product: c => matmulProduct({ ...matmulSpec(c), sums: true }),
  wasm: c => {
    const passes = matmulPasses(c)
    const sums = { M: c.K, K: c.N, SPLITS: 1, ROWS: c.K, STRIDE: c.N }
    return passes && [...passes, columnSumPass({ dy: 'b', sums: 'sums' }, sums)]
  },
  reference: ({ a, b, y, sums }, c, step) => {
    matmulKernel.reference({ a, b, y }, c, step)
    columnSum.reference({ dy: b, sums }, { M: c.K, K: c.N, SPLITS: 1, ROWS: c.K, STRIDE: c.N }, step)
  },
})

function matmulSpec({ M, N, K, TRANSPOSE_A, TRANSPOSE_B }: Dims<(typeof matmulConstants)[number]>) {
  return { M, N, K, transposeA: TRANSPOSE_A === 1, transposeB: TRANSPOSE_B === 1 }
}

/** y [N P Q K] from x [N H W C], w [R S C K]. */
export const convForward = fusable({
  name: 'conv-forward',
  bindings: { x: 'read', w: 'read', y: 'write' },
  constants: convConstants,
  half: ['x', 'y'],
  result: 'y',
  wasm: convForwardPasses,
  reference: conv2dForward.reference,
  size: forwardSize,
  product: forwardProduct,
})

/** dx [N H W C] from dy [N P Q K], w [R S C K]. */
export const convInputGradient = fusable({
  name: 'conv-input-gradient',
  bindings: { dy: 'read', w: 'read', dx: 'write' },
  constants: convConstants,
  half: ['dy', 'dx'],
  result: 'dx',
  wasm: convInputGradientPasses,
  reference: conv2dInputGradient.reference,
  size: inputGradientSize,
  product: inputGradientProduct,
})

const sliceConstants = ['SPLITS', 'IMAGES', 'STRIDE'] as const

/** dw [SPLITS STRIDE] from x, dy: partial sums over IMAGES photos each. */
export const convWeightGradient = productKernel({
  name: 'conv-weight-gradient',
  bindings: { x: 'read', dy: 'read', dw: 'write' },
  constants: [...convConstants, ...sliceConstants],
  half: ['x', 'dy'],
  product: c => weightGradientProduct(c, slicesOf(c)),
  wasm: convWeightGradientPasses,
  reference: conv2dWeightGradient.reference,
})

/** The same, and db [SPLITS BIAS_STRIDE], the sums of dy over the same photos. */
export const convWeightBiasGradient = productKernel({
  name: 'conv-weight-bias-gradient',
  bindings: { x: 'read', dy: 'read', dw: 'write', db: 'write' },
  constants: [...convConstants, ...sliceConstants, 'BIAS_STRIDE'],
  half: ['x', 'dy'],
  product: c => weightGradientProduct(c, { ...slicesOf(c), biasStride: c.BIAS_STRIDE }),
  wasm: convWeightGradientPasses,
  reference: ({ x, dy, dw, db }, c, step) => {
    conv2dWeightGradient.reference({ x, dy, dw }, c, step)
    const pixels = c.P * c.Q
    columnSum.reference(
      { dy, sums: db },
      { M: c.N * pixels, K: c.K, SPLITS: c.SPLITS, ROWS: c.IMAGES * pixels, STRIDE: c.BIAS_STRIDE },
      step,
    )
  },
})

function slicesOf({ SPLITS, IMAGES, STRIDE }: Dims<(typeof sliceConstants)[number]>) {
  return { slices: SPLITS, photos: IMAGES, stride: STRIDE }
}
