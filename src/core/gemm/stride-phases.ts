// The input gradient of a strided convolution. A pixel of x is read by those taps of the filter alone that fall on it
// when the filter moves by strides: with a stride of 2 about a quarter of them, and which ones hangs on whether its row
// and column are even. So pixels are put in order by that, in stride phases (see Product), and each phase multiplies
// its own taps only.
//
// Phase (i, j) of the STRIDE_Y STRIDE_X phases has the pixels (h STRIDE_Y + i, v STRIDE_X + j). Row (h STRIDE_Y + i +
// PAD_TOP - r) / STRIDE_Y of dy lies over it where that is whole: for r = (i + PAD_TOP) % STRIDE_Y and every
// STRIDE_Y-th tap from there on.

import type { ConvDims } from '../kernels/products/conv-dims.ts'
import { storageLine } from './matrix.ts'
import { range, rowsOfAllTiles, type Product } from './product.ts'

/** Whether it pays: there are strides, and values come in fours. */
export function hasStridePhases({ STRIDE_Y, STRIDE_X, DILATION_Y, DILATION_X, K }: ConvDims): boolean {
  return STRIDE_Y * STRIDE_X > 1 && DILATION_Y === 1 && DILATION_X === 1 && K % 4 === 0
}

/** Bindings in order: dy, w. */
export function stridePhaseSides(c: ConvDims): Pick<Product, 'm' | 'k' | 'stridePhases' | 'a' | 'b'> {
  const size = sizesOf(c)
  return {
    m: size.rows * size.count,
    k: size.terms,
    stridePhases: { rows: size.rows, terms: range(size.count).map(phase => termsOf(c, phase)) },
    a: {
      along: 'k',
      code: [storageLine('dy', 0, c.K), ...tapFunction(c), ...pixelFunctions(c), ...rowFunction(c)].join('\n'),
    },
    b: { along: 'k', code: [storageLine('w', 1, c.K), ...filterFunctions(c)].join('\n') },
  }
}

/** Turns of every loop over the terms divide so many: the last one of a phase may not reach into the next. */
const termsOfAllTurns = 16

/** Most taps of a phase down and across; pixels of a photo's phase down and across; pixels of a phase, and its rows and
 *  terms: filled up for whole tiles and whole turns. */
function sizesOf({ N, H, W, K, R, S, STRIDE_Y, STRIDE_X }: ConvDims) {
  const [height, width] = [Math.ceil(H / STRIDE_Y), Math.ceil(W / STRIDE_X)]
  const [down, across] = [Math.ceil(R / STRIDE_Y), Math.ceil(S / STRIDE_X)]
  const pixels = N * height * width
  return {
    down,
    across,
    height,
    width,
    pixels,
    terms: Math.ceil((down * across * K) / termsOfAllTurns) * termsOfAllTurns,
    rows: Math.ceil(pixels / rowsOfAllTiles) * rowsOfAllTiles,
    count: STRIDE_Y * STRIDE_X,
  }
}

/** Taps are counted across first, `across` to a line, so a phase with fewer across has gaps, which are zeros. */
function termsOf(c: ConvDims, phase: number): number {
  const down = tapsAt(c.R, c.STRIDE_Y, Math.floor(phase / c.STRIDE_X) + c.PAD_TOP)
  const across = tapsAt(c.S, c.STRIDE_X, (phase % c.STRIDE_X) + c.PAD_LEFT)
  return down * across === 0 ? 0 : ((down - 1) * sizesOf(c).across + across) * c.K
}

function tapsAt(length: number, stride: number, at: number): number {
  return Math.max(0, Math.ceil((length - (at % stride)) / stride))
}

/** The tap of the k-th quad: its place in the filter, how far above and left of the pixel's own place dy is read, and
 *  the quad of filters. */
function tapFunction(c: ConvDims): string[] {
  const { across, terms } = sizesOf(c)
  const quads = c.K / 4
  const strides = `vec2u(${c.STRIDE_Y}u, ${c.STRIDE_X}u)`
  return [
    'struct Tap { filter_at: vec2u, above: vec2u, quad: u32 }',
    'fn tap_of(k: u32) -> Tap {',
    `  let phase = k / ${terms / 4}u;`,
    `  let own = k % ${terms / 4}u;`,
    `  let at = vec2u(phase / ${c.STRIDE_X}u + ${c.PAD_TOP}u, phase % ${c.STRIDE_X}u + ${c.PAD_LEFT}u);`,
    `  let nth = vec2u(own / ${across * quads}u, own / ${quads}u % ${across}u);`,
    `  return Tap(at % ${strides} + nth * ${strides}, nth - at / ${strides}, own % ${quads}u);`,
    '}',
  ]
}

/** Side a. The place of a pixel is (photo's first row of dy, row and column in the phase), unsigned: what lies outside
 *  wraps to something huge. */
function pixelFunctions(c: ConvDims): string[] {
  const { height, width, pixels, rows } = sizesOf(c)
  const quads = c.K / 4
  return [
    'fn a_own(row: u32) -> vec3u {',
    `  let i = row % ${rows}u;`,
    `  let pixel = vec2u(i / ${width}u % ${height}u, i % ${width}u);`,
    `  return vec3u(i / ${height * width}u * ${c.P}u, select(vec2u(0x7fffffffu), pixel, i < ${pixels}u));`,
    '}',
    'fn a_k(k: u32) -> vec3u {',
    '  let tap = tap_of(k);',
    `  let exists = tap.filter_at.x < ${c.R}u && tap.filter_at.y < ${c.S}u;`,
    '  return vec3u(select(vec2u(0x3fffffffu), tap.above, exists), tap.quad);',
    '}',
    'fn a_load(pixel: vec3u, tap: vec3u) -> vec4f {',
    '  let under = pixel.yz - tap.xy;',
    `  let inside = under.x < ${c.P}u && under.y < ${c.Q}u;`,
    `  let at = select(0u, ((pixel.x + under.x) * ${c.Q}u + under.y) * ${quads}u + tap.z, inside);`,
    '  return select(vec4f(), dy[at], inside);',
    '}',
  ]
}

/** The row of dx that row i of the product is; past the end where no pixel is. */
function rowFunction(c: ConvDims): string[] {
  const { height, width, pixels, rows } = sizesOf(c)
  return [
    'fn a_row(row: u32) -> u32 {',
    `  let phase = row / ${rows}u;`,
    `  let i = row % ${rows}u;`,
    `  let h = i / ${width}u % ${height}u * ${c.STRIDE_Y}u + phase / ${c.STRIDE_X}u;`,
    `  let v = i % ${width}u * ${c.STRIDE_X}u + phase % ${c.STRIDE_X}u;`,
    `  let exists = i < ${pixels}u && h < ${c.H}u && v < ${c.W}u && phase < ${c.STRIDE_Y * c.STRIDE_X}u;`,
    `  return select(${c.N * c.H * c.W}u, (i / ${height * width}u * ${c.H}u + h) * ${c.W}u + v, exists);`,
    '}',
  ]
}

/** Side b: for channel c the filters w[r, s, c, :] of the taps. */
function filterFunctions(c: ConvDims): string[] {
  const quads = c.K / 4
  return [
    `fn b_own(c: u32) -> u32 { return min(c, ${c.C - 1}u) * ${quads}u; }`,
    'fn b_k(k: u32) -> u32 {',
    '  let tap = tap_of(k);',
    `  return (min(tap.filter_at.x, ${c.R - 1}u) * ${c.S}u + min(tap.filter_at.y, ${c.S - 1}u)) * ${c.C * quads}u + tap.quad;`,
    '}',
    'fn b_load(own: u32, k: u32) -> vec4f { return w[own + k]; }',
  ]
}
