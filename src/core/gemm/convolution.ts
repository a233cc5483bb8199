// The three products of a convolution. Dims as in kernels/products/conv2d.ts: x [N H W C], w [R S C K], y [N P Q K].
//
//   forward           y  [N P Q, K]  = patches of x  [N P Q, R S C] * w      [R S C, K]
//   input gradient    dx [N H W, C]  = patches of dy [N H W, R S K] * w      [C, R S K] (its taps taken the other way round)
//   weight gradient   dw [R S C, K]  = patches of x  [R S C, N P Q] * dy     [N P Q, K]
//
// The weight gradient adds up over every pixel of the batch, far more terms than results, so it is cut into slices of
// whole photos that are stored apart and added later in a fixed order.

import type { ConvDims } from '../kernels/products/conv-dims.ts'
import { stridePhaseSides, hasStridePhases } from './stride-phases.ts'
import { matrixOperand } from './matrix.ts'
import { forwardGeometry, inputGeometry, patchOperand, type PatchSide } from './patches.ts'
import { rowsOfAllTiles, type Operand, type Product } from './product.ts'
import { storeCode, type EpilogueChain } from './store.ts'

// Constants: N H W C R S K P Q, STRIDE_Y STRIDE_X PAD_TOP PAD_LEFT DILATION_Y DILATION_X; one group.

/** Bindings in order: x, w, y, then those of the epilogues. */
export function forwardProduct(c: ConvDims, chain?: EpilogueChain): Product {
  const { m, n, k } = forwardSize(c)
  const b = matrixOperand({ side: 'b', name: 'w', binding: 1, along: 'own', own: n, k })
  const side = { name: 'y', binding: 2, n, ...(chain && { chain }) }
  const { windows } = storeCode({ ...side, m })
  const rows = windows ? c.N * Math.floor(c.P / 2) * Math.floor(c.Q / 2) * 4 : m
  return {
    m: rows,
    n,
    k,
    slices: 1,
    a: patchOperand({ ...photosUnder(c, 'k'), windows }),
    b,
    ...storeCode({ ...side, m: rows }),
  }
}

export function forwardSize(c: ConvDims): { readonly m: number; readonly n: number; readonly k: number } {
  return { m: c.N * c.P * c.Q, n: c.K, k: c.R * c.S * c.C }
}

/** Bindings in order: dy, w, dx, then those of the epilogues. */
export function inputGradientProduct(c: ConvDims, chain?: EpilogueChain): Product {
  const { m, n, k } = inputGradientSize(c)
  const store = storeCode({ name: 'dx', binding: 2, m, n, ...(chain && { chain }) })
  if (hasStridePhases(c)) return withStridePhases({ n, slices: 1, ...stridePhaseSides(c), ...store }, m)
  const a = patchOperand({
    name: 'dy',
    binding: 0,
    filterAxis: 'k',
    photos: c.N,
    height: c.P,
    width: c.Q,
    channels: c.K,
    r: c.R,
    s: c.S,
    rows: c.H,
    columns: c.W,
    geometry: inputGeometry(c),
  })
  return { m, n, k, slices: 1, a, b: filtersByChannel(c), ...store }
}

/** As many slices of rows to add up as without stride phases, which are longer where phases were filled up. */
function withStridePhases(product: Product, m: number): Product {
  if (!product.columnReduction) return product
  const splits = Math.ceil(m / product.columnReduction.rows)
  return {
    ...product,
    columnReduction: { rows: Math.ceil(product.m / splits / rowsOfAllTiles) * rowsOfAllTiles, splits },
  }
}

export function inputGradientSize(c: ConvDims): { readonly m: number; readonly n: number; readonly k: number } {
  return { m: c.N * c.H * c.W, n: c.C, k: c.R * c.S * c.K }
}

export interface WeightGradientOptions {
  readonly slices: number
  /** Photos a slice. */
  readonly photos: number
  /** Elements between two slices of dw and of db. */
  readonly stride: number
  readonly biasStride?: number
}

/** Bindings in order: x, dy, dw [slices, stride], then db [slices, biasStride] if asked: sums of dy, made by a last row
 *  of ones. */
export function weightGradientProduct(
  c: ConvDims,
  { slices, photos, stride, biasStride }: WeightGradientOptions,
): Product {
  const [taps, pixels] = [c.R * c.S * c.C, c.N * c.P * c.Q]
  const withBias = biasStride !== undefined
  const b = matrixOperand({ side: 'b', name: 'dy', binding: 1, along: 'own', own: c.K, k: pixels })
  const store = storeCode({
    name: 'dw',
    binding: 2,
    m: taps,
    n: c.K,
    stride,
    ...(withBias && { lastRow: { name: 'db', binding: 3, stride: biasStride } }),
  })
  const a = patchOperand({ ...photosUnder(c, 'own'), onesRow: withBias })
  return { m: taps + (withBias ? 1 : 0), n: c.K, k: photos * c.P * c.Q, slices, a, b, ...store }
}

function photosUnder(c: ConvDims, filterAxis: 'k' | 'own'): PatchSide {
  return {
    name: 'x',
    binding: 0,
    filterAxis,
    photos: c.N,
    height: c.H,
    width: c.W,
    channels: c.C,
    r: c.R,
    s: c.S,
    rows: c.P,
    columns: c.Q,
    geometry: forwardGeometry(c),
  }
}

/** Side b of the input gradient: for channel c the filters w[r, s, c, :], four filters a fetch. */
function filtersByChannel({ R, S, C, K }: ConvDims): Operand {
  const quads = K % 4 === 0
  const at = (i: string, width: number) => `(${i} / ${K / width}u) * ${(C * K) / width}u + ${i} % ${K / width}u`
  const one = (i: number) => `select(0.0, w[own + ${at(`(4u * k + ${i}u)`, 1)}], 4u * k + ${i}u < ${R * S * K}u)`
  const code = [
    `@group(0) @binding(1) var<storage, read> w: array<${quads ? 'vec4f' : 'f32'}>;`,
    `fn b_own(c: u32) -> u32 { return min(c, ${C - 1}u) * ${quads ? K / 4 : K}u; }`,
    `fn b_k(k: u32) -> u32 { return ${quads ? at('k', 4) : 'k'}; }`,
    `fn b_load(own: u32, k: u32) -> vec4f { return ${quads ? 'w[own + k]' : `vec4f(${[0, 1, 2, 3].map(one).join(', ')})`}; }`,
  ]
  return { along: 'k', code: code.join('\n') }
}
