// Every family of cuts over shapes that fit no tile, judged by the plain kernels' twins: the result may not depend on the cut.
// The ops' own tests judge the cut that is chosen for them; here the others have their turn.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forwardProduct, inputGradientProduct, weightGradientProduct, type Letters } from '../../../src/core/gemm/convolution.ts'
import { emit } from '../../../src/core/gemm/emit.ts'
import { convForwardBias, convInputGradientMasked, convWeightBiasGradient, product, productBias, productSums } from '../../../src/core/gemm/kernels.ts'
import { matmulProduct } from '../../../src/core/gemm/matmul.ts'
import type { Product } from '../../../src/core/gemm/product.ts'
import type { Variant } from '../../../src/core/gemm/variants.ts'
import { zeroStep } from '../../../src/core/gpu/step.ts'
import { uniforms } from '../../../src/core/tensor/philox.ts'
import { openBench, type Bench, type Floats } from './run.ts'

const cuts: readonly (readonly [name: string, cut: Variant])[] = [
  ['lanes, wide', { family: 'lanes', lanes: 8, rows: 4, quads: 4, step: 4 }],
  ['lanes, narrow', { family: 'lanes', lanes: 8, rows: 8, quads: 1, step: 2 }],
  ['tiles, square', { family: 'tiles', down: 8, across: 8, rows: 4, quads: 1, depth: 16 }],
  ['tiles, tall, more invocations than fetches', { family: 'tiles', down: 16, across: 1, rows: 4, quads: 2, depth: 4 }],
]

/** A software GPU takes a second for each new shader, on a busy machine ten. */
const compileTime = 120_000

const strided = conv({ N: 3, H: 9, W: 7, C: 8, K: 12, stride: 2, pads: [1, 1, 1, 1] })
const odd = conv({ N: 2, H: 6, W: 5, C: 3, K: 10, pads: [0, 1, 2, 1], dilation: 2 })

describe.each(cuts)('%s', (_, cut) => {
  let bench: Bench | undefined
  beforeAll(async () => (bench = await openBench()))
  afterAll(() => bench?.close())

  const usable = () => bench && (cut.family === 'tiles' || bench.target.lanes === cut.lanes)

  it.each([[33, 12, 20], [7, 10, 50]])('products of %i x %i over %i terms, as they lie and transposed', async (M, N, K) => {
    if (!usable()) return
    const spec = { M, N, K }
    await check(matmulProduct(spec), { ...spec, TRANSPOSE_A: 0, TRANSPOSE_B: 0 }, product.twin, [values(M * K), values(K * N)], [M * N])
    await check(matmulProduct({ ...spec, transposeB: true, bias: true, relu: true }), { ...spec, TRANSPOSE_A: 0, TRANSPOSE_B: 1, RELU: 1 }, productBias.twin, [values(M * K), values(N * K), values(N)], [M * N])
    await check(matmulProduct({ ...spec, transposeA: true, sums: true }), { ...spec, TRANSPOSE_A: 1, TRANSPOSE_B: 0 }, productSums.twin, [values(K * M), values(K * N)], [M * N, N])
  }, compileTime)

  it.each([['strided', strided], ['odd channels, uneven pads, dilated', odd]])('convolution, %s', async (_, c) => {
    if (!usable()) return
    const [x, w, dy] = [values(c.N! * c.H! * c.W! * c.C!), values(c.R! * c.S! * c.C! * c.K!), values(c.N! * c.P! * c.Q! * c.K!)]
    await check(forwardProduct(c, { bias: true, relu: true }), { ...c, RELU: 1 }, convForwardBias.twin, [x, w, values(c.K!)], [dy.length])
    await check(inputGradientProduct(c, { mask: true }), c, convInputGradientMasked.twin, [dy, w, x], [x.length])
    const slices = { SPLITS: Math.ceil(c.N! / 2), IMAGES: 2, STRIDE: Math.ceil(w.length / 64) * 64, BIAS_STRIDE: 64 }
    const weights = weightGradientProduct(c, { slices: slices.SPLITS, photos: 2, stride: slices.STRIDE, biasStride: 64 })
    await check(weights, { ...c, ...slices }, convWeightBiasGradient.twin, [x, dy], [slices.SPLITS * slices.STRIDE, slices.SPLITS * 64])
  }, compileTime)

  /** The twin names its arrays in the order of the bindings; what neither writes stays zero in both. */
  async function check(made: Product, constants: Letters, twin: (arrays: any, c: Letters, step: typeof zeroStep) => void, inputs: readonly Floats[], sizes: readonly number[]): Promise<void> {
    const results = sizes.map(size => new Float32Array(size))
    const names = [product, productBias, productSums, convForwardBias, convInputGradientMasked, convWeightBiasGradient].find(kernel => kernel.twin === twin)!.bindings
    twin(Object.fromEntries(Object.keys(names).map((name, i) => [name, [...inputs, ...results][i]])), constants, zeroStep)
    const found = await bench!.run(emit(made, cut), [...inputs, ...sizes.map(size => new Float32Array(size))], sizes.length)
    found.forEach((values, i) => expectClose(values, results[i]!))
  }
})

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

function conv({ N, H, W, C, K, filter = 3, stride = 1, dilation = 1, pads = [0, 0, 0, 0] }: { N: number; H: number; W: number; C: number; K: number; filter?: number; stride?: number; dilation?: number; pads?: readonly number[] }): Letters {
  const out = (length: number, before: number, after: number) => Math.floor((length + before + after - dilation * (filter - 1) - 1) / stride) + 1
  return {
    N, H, W, C, K, R: filter, S: filter, P: out(H, pads[0]!, pads[2]!), Q: out(W, pads[1]!, pads[3]!), STRIDE_Y: stride, STRIDE_X: stride,
    PAD_TOP: pads[0]!, PAD_LEFT: pads[1]!, DILATION_Y: dilation, DILATION_X: dilation, GROUPS: 1,
  }
}
