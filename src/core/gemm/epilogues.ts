// The table of all epilogues, each with the plain kernel whose work it does.

import { activationForward, activations } from '../kernels/elementwise/activation.ts'
import { dropoutKernel } from '../kernels/elementwise/dropout.ts'
import { reluBackward, reluForward } from '../kernels/elementwise/relu.ts'
import { scaleKernel } from '../kernels/elementwise/scale.ts'
import type { Dims, Kernel } from '../kernels/kernel.ts'
import { batchNormBackwardPartial, batchNormInfer, batchNormPartial } from '../kernels/normalisation/batch-norm.ts'
import { maxPoolForward } from '../kernels/pooling/max-pool.ts'
import type { PoolDims } from '../kernels/pooling/windows.ts'
import { biasRelu } from '../kernels/products/bias.ts'
import { epilogueOf, type Epilogue, type EpiloguePlace } from './epilogue.ts'
import { gradientReduction, momentsReduction } from './column-reductions.ts'

const zero = ({ width }: EpiloguePlace) => (width === 4 ? 'vec4f()' : '0.0')
const rectifyLines = (own: Dims<'RELU'>, place: EpiloguePlace) =>
  own.RELU === 1 ? [`result = max(result, ${zero(place)});`] : []
const sameSize = ({ LENGTH }: Dims<'LENGTH'>, { m, n }: { readonly m: number; readonly n: number }) => LENGTH === m * n

/** Bias along the columns, then ReLU if asked. */
const bias = epilogueOf({
  name: 'bias',
  kernel: biasRelu,
  from: 'y',
  to: 'y',
  kind: 'element',
  byColumn: true,
  fits: (own, { n }) => own.K === n,
  code: (own, place) => ['result += bias_b[n];', ...rectifyLines(own, place)],
})

const rectify = epilogueOf({
  name: 'relu',
  kernel: reluForward,
  from: 'x',
  to: 'y',
  kind: 'element',
  byColumn: true,
  fits: sameSize,
  code: (_, place) => [`result = max(result, ${zero(place)});`],
})

/** Of the other activations only ReLU6, which MobileNets have after every convolution. */
const relu6 = epilogueOf({
  name: 'relu6',
  kernel: activationForward,
  from: 'x',
  to: 'y',
  kind: 'element',
  byColumn: true,
  fits: (own, product) => own.KIND === activations.indexOf('relu6') && sameSize(own, product),
  code: (_, place) => [`result = clamp(result, ${zero(place)}, ${zero(place)} + 6.0);`],
})

/** The gradient of a ReLU: zero where its result is zero. */
const reluMask = epilogueOf({
  name: 'mask',
  kernel: reluBackward,
  from: 'dy',
  to: 'dx',
  kind: 'element',
  fits: sameSize,
  code: (_, place) => [`result = select(${zero(place)}, result, mask_y[at] > ${zero(place)});`],
})

const scale = epilogueOf({
  name: 'scale',
  kernel: scaleKernel,
  from: 'x',
  to: 'y',
  kind: 'element',
  byColumn: true,
  fits: sameSize,
  code: () => ['result *= SCALE_FACTOR;'],
})

/** The numbers of block b are those of elements 4 b .. 4 b + 3, so a quad is a block. */
const dropout = epilogueOf({
  name: 'dropout',
  kernel: dropoutKernel,
  from: 'x',
  to: 'y',
  kind: 'element',
  includes: ['lib/philox.wgsl'],
  fits: sameSize,
  code: (_, { width }) => [
    `let bits = philox(vec4u(at${width === 4 ? '' : ' / 4u'}, DROPOUT_LAYER, step.step, 0u), vec2u(step.seed, DROPOUT_STREAM));`,
    ...(width === 4
      ? [
          'let drawn = vec4f(unit(bits.x), unit(bits.y), unit(bits.z), unit(bits.w));',
          'result = select(vec4f(), result * DROPOUT_SCALE, drawn >= vec4f(DROPOUT_RATE));',
        ]
      : ['result = select(0.0, result * DROPOUT_SCALE, unit(bits[at % 4u]) >= DROPOUT_RATE);']),
  ],
})

/** Batch norm outside training, then ReLU if asked. */
const infer = epilogueOf({
  name: 'norm',
  kernel: batchNormInfer,
  from: 'x',
  to: 'y',
  kind: 'element',
  byColumn: true,
  fits: (own, { n }) => own.C === n,
  code: (own, place) => [
    'result = (result - norm_mean[n]) * inverseSqrt(norm_variance[n] + NORM_EPSILON) * norm_gamma[n] + norm_beta[n];',
    ...rectifyLines(own, place),
  ],
})

/** The largest of each 2 x 2 window of a convolution. The place of the largest is left out where nothing goes back. */
const pool = epilogueOf({
  name: 'pool',
  kernel: maxPoolForward,
  from: 'x',
  to: 'y',
  optional: ['place'],
  kind: 'window',
  fits: (own, { n, base }) => n % 4 === 0 && own.H === base.P && own.W === base.Q && own.C === n && isHalving(own),
  code: (_, { has }) => [
    'var result = v0;',
    ...(has('place') ? ['var place = vec4u();'] : []),
    ...[1, 2, 3].flatMap(i => [
      ...(has('place') ? [`place = select(place, vec4u(${i}u), v${i} > result);`] : []),
      `result = max(result, v${i});`,
    ]),
    ...(has('place') ? ['pool_place[at] = place;'] : []),
  ],
  wasm: own => ({
    entry: 'maxPoolStage',
    items: own.N * own.P,
    grain: 1,
    to: { binding: 'y', bytes: own.Q * own.C * 4 },
  }),
})

/** 2 x 2 windows side by side, all within the photo: padding below or to the right shows in P and Q alone. */
function isHalving({ R, S, STRIDE_Y, STRIDE_X, PAD_TOP, PAD_LEFT, H, W, P, Q }: PoolDims): boolean {
  return (
    R === 2 &&
    S === 2 &&
    STRIDE_Y === 2 &&
    STRIDE_X === 2 &&
    PAD_TOP === 0 &&
    PAD_LEFT === 0 &&
    P === Math.floor(H / 2) &&
    Q === Math.floor(W / 2)
  )
}

/** The statistics of batch norm. */
const moments = epilogueOf({
  name: 'moments',
  kernel: batchNormPartial,
  from: 'x',
  kind: 'column-reduction',
  fits: (own, { m, n }) => n % 4 === 0 && own.C === n && own.M === m,
  code: momentsReduction,
})

/** The sums that the gradient of batch norm needs. */
const sums = epilogueOf({
  name: 'sums',
  kernel: batchNormBackwardPartial,
  from: 'dy',
  kind: 'column-reduction',
  fits: (own, { m, n }) => n % 4 === 0 && own.C === n && own.PLACES === m,
  code: gradientReduction,
})

const epilogues: readonly Epilogue[] = [bias, rectify, relu6, reluMask, scale, dropout, infer, pool, moments, sums]

/** The epilogue that stands for `kernel`, if any does. */
export function epilogueFor(kernel: Kernel): Epilogue | undefined {
  return epilogues.find(epilogue => epilogue.kernel === kernel)
}
