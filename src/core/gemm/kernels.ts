// The hot kernels as the ops call them: matrix product and convolution in one group, with what can be done on the way. Each
// writes its shader for the constants of a call and the device at hand; the plain kernels of ops/ are their twins.

import { kernel, type Grid, type Kernel, type Target, type Twin } from '../gpu/kernel.ts'
import { biasRelu, columnSum } from '../ops/bias.ts'
import { conv2dForward, conv2dInputGradient, conv2dWeightGradient } from '../ops/conv2d-kernels.ts'
import { matmulKernel } from '../ops/matmul.ts'
import { forwardProduct, inputGradientProduct, weightGradientProduct, type Letters } from './convolution.ts'
import { emit } from './emit.ts'
import { matmulProduct } from './matmul.ts'
import type { Emitted, Product } from './product.ts'
import { cutKey, pickVariant } from './variants.ts'

/** A kernel whose shader is a product's, cut for the device. */
function productKernel<B extends string>(name: string, bindings: Kernel<B>['bindings'], product: (c: Letters) => Product, twin: Twin<B>): Kernel<B> {
  const emitted = (c: Letters, target: Target): Emitted => {
    const made = product(c)
    return emit(made, target.cuts?.get(cutKey(name, c)) ?? pickVariant(made, target))
  }
  return kernel({ name, bindings, source: (c, target) => emitted(c, target).wgsl, grid: (c, target): Grid => emitted(c, target).workgroups, twin })
}

/** y [M N] = a b; TRANSPOSE_A, TRANSPOSE_B: that side lies transposed. */
export const product = productKernel('product', { a: 'read', b: 'read', y: 'write' }, c => matmulProduct(matmulSpec(c)), matmulKernel.twin)

/** y [M N] = a b + bias [N], then ReLU if RELU. */
export const productBias = productKernel('product-bias', { a: 'read', b: 'read', bias: 'read', y: 'write' },
  c => matmulProduct({ ...matmulSpec(c), bias: true, relu: c.RELU === 1 }),
  ({ a, b, bias, y }, c, step) => {
    matmulKernel.twin({ a, b, y }, c, step)
    biasRelu.twin({ b: bias, y }, { K: c.N!, RELU: c.RELU! }, step)
  })

/** y [M N] = a b, zero where mask [M N] is not positive. */
export const productMasked = productKernel('product-masked', { a: 'read', b: 'read', mask: 'read', y: 'write' },
  c => matmulProduct({ ...matmulSpec(c), mask: true }),
  ({ a, b, mask, y }, c, step) => {
    matmulKernel.twin({ a, b, y }, c, step)
    for (let i = 0; i < y.length; i++) if (!(mask[i] > 0)) y[i] = 0
  })

/** y [M N] = a b and sums [N], the columns of b added up: the gradients of a dense layer's weight and bias. */
export const productSums = productKernel('product-sums', { a: 'read', b: 'read', y: 'write', sums: 'write' },
  c => matmulProduct({ ...matmulSpec(c), sums: true }),
  ({ a, b, y, sums }, c, step) => {
    matmulKernel.twin({ a, b, y }, c, step)
    columnSum.twin({ dy: b, sums }, { M: c.K!, K: c.N!, SPLITS: 1, ROWS: c.K!, STRIDE: c.N! }, step)
  })

function matmulSpec({ M, N, K, TRANSPOSE_A, TRANSPOSE_B }: Letters) {
  return { M: M!, N: N!, K: K!, transposeA: TRANSPOSE_A === 1, transposeB: TRANSPOSE_B === 1 }
}

/** y [N P Q K] from x [N H W C], w [R S C K]. */
export const convForward = productKernel('conv-forward', { x: 'read', w: 'read', y: 'write' }, c => forwardProduct(c), conv2dForward.twin)

/** The same plus bias [K], then ReLU if RELU. */
export const convForwardBias = productKernel('conv-forward-bias', { x: 'read', w: 'read', bias: 'read', y: 'write' },
  c => forwardProduct(c, { bias: true, relu: c.RELU === 1 }),
  ({ x, w, bias, y }, c, step) => {
    conv2dForward.twin({ x, w, y }, c, step)
    biasRelu.twin({ b: bias, y }, { K: c.K!, RELU: c.RELU! }, step)
  })

/** dx [N H W C] from dy [N P Q K], w [R S C K]. */
export const convInputGradient = productKernel('conv-input-gradient', { dy: 'read', w: 'read', dx: 'write' },
  c => inputGradientProduct(c), conv2dInputGradient.twin)

/** The same where x is the result of a ReLU: zero where x is not positive, so the gradient has passed that ReLU already. */
export const convInputGradientMasked = productKernel('conv-input-gradient-masked', { dy: 'read', w: 'read', x: 'read', dx: 'write' },
  c => inputGradientProduct(c, { mask: true }),
  ({ dy, w, x, dx }, c, step) => {
    conv2dInputGradient.twin({ dy, w, dx }, c, step)
    for (let i = 0; i < dx.length; i++) if (!(x[i] > 0)) dx[i] = 0
  })

/** dw [SPLITS STRIDE] from x, dy: partial sums over IMAGES photos each. */
export const convWeightGradient = productKernel('conv-weight-gradient', { x: 'read', dy: 'read', dw: 'write' },
  c => weightGradientProduct(c, slicesOf(c)), conv2dWeightGradient.twin)

/** The same, and db [SPLITS BIAS_STRIDE], the sums of dy over the same photos. */
export const convWeightBiasGradient = productKernel('conv-weight-bias-gradient', { x: 'read', dy: 'read', dw: 'write', db: 'write' },
  c => weightGradientProduct(c, { ...slicesOf(c), biasStride: c.BIAS_STRIDE! }),
  ({ x, dy, dw, db }, c, step) => {
    conv2dWeightGradient.twin({ x, dy, dw }, c, step)
    const pixels = c.P! * c.Q!
    columnSum.twin({ dy, sums: db }, { M: c.N! * pixels, K: c.K!, SPLITS: c.SPLITS!, ROWS: c.IMAGES! * pixels, STRIDE: c.BIAS_STRIDE! }, step)
  })

function slicesOf({ SPLITS, IMAGES, STRIDE }: Letters) {
  return { slices: SPLITS!, photos: IMAGES!, stride: STRIDE! }
}
