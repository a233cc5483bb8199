// Both families of tile configs over shapes that fit no tile, compared with the plain kernels' references: the result
// may not depend on the tile config. The ops' own tests run the one that is chosen for them; this file runs the others.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emit } from '../../../src/core/gemm/emit.ts'
import { withEpilogue } from '../../../src/core/gemm/fused.ts'
import {
  convForward,
  convInputGradient,
  convWeightBiasGradient,
  product,
  productSums,
} from '../../../src/core/gemm/kernels.ts'
import type { ProductKernel } from '../../../src/core/gemm/product-kernel.ts'
import { withPrefix } from '../../../src/core/gemm/epilogue.ts'
import { epilogueFor } from '../../../src/core/gemm/epilogues.ts'
import {
  accessOf,
  type Bindings,
  type Dims,
  type Kernel,
  type ReferenceArrays,
} from '../../../src/core/kernels/kernel.ts'
import type { ConvDims } from '../../../src/core/kernels/products/conv-dims.ts'
import { batchNormPartial } from '../../../src/core/kernels/normalisation/batch-norm.ts'
import { biasRelu } from '../../../src/core/kernels/products/bias.ts'
import type { PoolDims } from '../../../src/core/kernels/pooling/windows.ts'
import { maxPoolForward } from '../../../src/core/kernels/pooling/max-pool.ts'
import { reluBackward } from '../../../src/core/kernels/elementwise/relu.ts'
import type { TileConfig } from '../../../src/core/kernels/target.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { uniforms } from '../../../src/core/kernels/philox.ts'
import { openBench, type Bench, type Floats } from './run.ts'

const configs: readonly (readonly [name: string, config: TileConfig])[] = [
  ['lanes, wide', { family: 'lanes', lanes: 8, rows: 4, quads: 4, step: 4 }],
  ['lanes, narrow', { family: 'lanes', lanes: 8, rows: 8, quads: 1, step: 2 }],
  ['tiles, square', { family: 'tiles', down: 8, across: 8, rows: 4, quads: 1, depth: 16 }],
  ['tiles, tall, more invocations than fetches', { family: 'tiles', down: 16, across: 1, rows: 4, quads: 2, depth: 4 }],
]

const strided = conv({ N: 3, H: 9, W: 7, C: 8, K: 12, stride: 2, pads: [1, 1, 1, 1] })
const odd = conv({ N: 2, H: 6, W: 5, C: 3, K: 10, pads: [0, 1, 2, 1], dilation: 2 })

describe.each(configs)('%s', (_, config) => {
  let bench: Bench | undefined
  beforeAll(async () => (bench = await openBench()))
  afterAll(() => bench?.close())

  const usable = () => bench && (config.family === 'tiles' || bench.target.lanes === config.lanes)

  it.each([
    [33, 12, 20],
    [7, 10, 50],
  ])('products of %i x %i over %i terms, as they lie and transposed', async (M, N, K) => {
    if (!usable()) return
    const spec = { M, N, K, TRANSPOSE_A: 0, TRANSPOSE_B: 0 }
    const rectified = withEpilogue(product, epilogueFor(biasRelu)!, ['b'])
    await check(product, spec, { a: values(M * K), b: values(K * N), y: M * N })
    await check(
      rectified,
      { ...spec, TRANSPOSE_B: 1, BIAS_K: N, BIAS_RELU: 1 },
      { a: values(M * K), b: values(N * K), y: M * N, bias_b: values(N) },
    )
    await check(productSums, { ...spec, TRANSPOSE_A: 1 }, { a: values(K * M), b: values(K * N), y: M * N, sums: N })
  })

  it('products whose columns are gone through in strips, the last one narrower', async () => {
    if (!usable()) return
    const [M, N, K] = [5, 80, 1700]
    await check(product, { M, N, K, TRANSPOSE_A: 0, TRANSPOSE_B: 0 }, { a: values(M * K), b: values(K * N), y: M * N })
  })

  it.each([
    ['strided', strided],
    ['odd channels, uneven pads, dilated', odd],
  ])('convolution, %s', async (_, c) => {
    if (!usable()) return
    const sizes = { x: c.N * c.H * c.W * c.C, w: c.R * c.S * c.C * c.K, y: c.N * c.P * c.Q * c.K }
    const [x, w, dy] = [values(sizes.x), values(sizes.w), values(sizes.y)]
    await check(
      withEpilogue(convForward, epilogueFor(biasRelu)!, ['b']),
      { ...c, BIAS_K: c.K, BIAS_RELU: 1 },
      { x, w, y: sizes.y, bias_b: values(c.K) },
    )
    await check(withEpilogue(convInputGradient, epilogueFor(reluBackward)!, ['y']), c, {
      dy,
      w,
      dx: sizes.x,
      mask_y: x,
    })
    const slices = { SPLITS: Math.ceil(c.N / 2), IMAGES: 2, STRIDE: Math.ceil(sizes.w / 64) * 64, BIAS_STRIDE: 64 }
    await check(
      convWeightBiasGradient,
      { ...c, ...slices },
      { x, dy, dw: slices.SPLITS * slices.STRIDE, db: slices.SPLITS * 64 },
    )
  })

  it('windows and sums of columns, across the edges of tiles and slices', async () => {
    if (!usable()) return
    const c = conv({ N: 3, H: 13, W: 9, C: 4, K: 8, pads: [1, 1, 1, 1] })
    const [rows, x, w] = [3 * 13 * 9, values(3 * 13 * 9 * 4), values(9 * 4 * 8)]
    await check(
      withEpilogue(convForward, epilogueFor(maxPoolForward)!, []),
      { ...c, ...prefixedConstants(maxPoolForward, poolConstants(c)) },
      { x, w, y: 3 * 6 * 4 * 8 },
    )
    const slices = { M: rows, C: 8, SPLITS: 2, ROWS: 256 }
    await check(
      withEpilogue(convForward, epilogueFor(batchNormPartial)!, ['partial']),
      { ...c, ...prefixedConstants(batchNormPartial, slices) },
      { x, w, y: rows * 8, moments_partial: 2 * 2 * 8 },
    )
  })

  /** Arrays by binding; a number is the size of a result. What neither writes stays zero in both. */
  async function check<B extends Bindings, C extends string>(
    kernel: ProductKernel<B, C>,
    constants: Dims<NoInfer<C>>,
    arrays: Record<string, Floats | number>,
  ): Promise<void> {
    const fresh = () =>
      Object.entries(kernel.bindings).map(([name, binding]) => {
        const array = arrays[name]!
        return { name, access: accessOf(binding), values: typeof array === 'number' ? new Float32Array(array) : array }
      })
    const wanted = fresh()
    kernel.reference(
      Object.fromEntries(wanted.map(({ name, values }) => [name, values])) as unknown as ReferenceArrays<B>,
      constants,
      zeroStep,
    )
    const found = await bench!.run(emit(kernel.product(constants), config), fresh())
    wanted.filter(({ access }) => access !== 'read').forEach(({ values }, i) => expectClose(found[i]!, values))
  }
})

function prefixedConstants(kernel: Kernel, own: Dims): Record<string, number> {
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [withPrefix(epilogueFor(kernel)!, name), value]))
}

function poolConstants(c: ConvDims): PoolDims {
  return {
    N: c.N,
    H: c.P,
    W: c.Q,
    C: c.K,
    R: 2,
    S: 2,
    P: Math.floor(c.P / 2),
    Q: Math.floor(c.Q / 2),
    STRIDE_Y: 2,
    STRIDE_X: 2,
    PAD_TOP: 0,
    PAD_LEFT: 0,
  }
}

function expectClose(found: Floats, wanted: Floats): void {
  const scale = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3)
  const worst = found.reduce((worst, value, i) => (Math.abs(value - wanted[i]!) <= 1e-5 * scale ? worst : i), -1)
  expect(worst < 0 ? 'close' : `value ${worst} is ${found[worst]} and should be ${wanted[worst]}`).toBe('close')
}

let stream = 0
function values(count: number): Floats {
  const next = uniforms(11, ++stream)
  return Float32Array.from({ length: count }, () => 2 * next() - 1)
}

function conv({
  N,
  H,
  W,
  C,
  K,
  filter = 3,
  stride = 1,
  dilation = 1,
  pads = [0, 0, 0, 0],
}: {
  N: number
  H: number
  W: number
  C: number
  K: number
  filter?: number
  stride?: number
  dilation?: number
  pads?: readonly number[]
}): ConvDims {
  const out = (length: number, before: number, after: number) =>
    Math.floor((length + before + after - dilation * (filter - 1) - 1) / stride) + 1
  return {
    N,
    H,
    W,
    C,
    K,
    R: filter,
    S: filter,
    P: out(H, pads[0]!, pads[2]!),
    Q: out(W, pads[1]!, pads[3]!),
    STRIDE_Y: stride,
    STRIDE_X: stride,
    PAD_TOP: pads[0]!,
    PAD_LEFT: pads[1]!,
    DILATION_Y: dilation,
    DILATION_X: dilation,
    GROUPS: 1,
  }
}
