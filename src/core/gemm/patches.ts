// Side a of a convolution: the patches of photos under a filter, as WGSL functions (see Operand in product.ts). A patch
// is never written out; each fetch works out which pixel lies under which tap. Channels that are no multiple of four
// (the first layer) are fetched value by value.

import type { ConvDims } from '../kernels/products/conv-dims.ts'
import { storageLine } from './matrix.ts'
import { range, type Along, type Operand } from './product.ts'

/** A photo under a filter, in the dims of the convolution. `rows` and `columns` are what the pixel axis counts. */
export interface PatchSide {
  readonly name: string
  readonly binding: number
  /** Which axis of the product is the filter's (r, s, channel); the other is the pixel's (n, row, column). */
  readonly filterAxis: Along
  readonly photos: number
  /** Height, width and channels of what is read. */
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly r: number
  readonly s: number
  /** Height and width of the pixel axis. */
  readonly rows: number
  readonly columns: number
  /** WGSL of the first row and column under a pixel, and of the pixel read under a tap (functions of these names). */
  readonly geometry: readonly string[]
  /** Pixels come in 2 x 2 windows, the four of a window one after the other; an odd last row or column is in none. */
  readonly windows?: boolean
  /** One more place on the filter's axis, where every value is one: its results are sums over the pixels. */
  readonly onesRow?: boolean
}

/** Forward: pixel (p, q) of y reads row p stride + r dilation - pad of x. Unsigned: a row above the photo wraps to a
 *  huge one. */
export function forwardGeometry(c: ConvDims): string[] {
  return [
    `fn a_corner(row: u32, column: u32) -> vec2u { return vec2u(row * ${c.STRIDE_Y}u - ${c.PAD_TOP}u, column * ${c.STRIDE_X}u - ${c.PAD_LEFT}u); }`,
    `fn a_under(corner: vec2u, r: u32, s: u32) -> vec2u { return corner + vec2u(r * ${c.DILATION_Y}u, s * ${c.DILATION_X}u); }`,
  ]
}

/** Input gradient: pixel (h, v) of x was read by row (h + pad - r dilation) / stride of y, if that is whole. */
export function inputGeometry(c: ConvDims): string[] {
  const strided = c.STRIDE_Y !== 1 || c.STRIDE_X !== 1
  return [
    `fn a_corner(row: u32, column: u32) -> vec2u { return vec2u(row + ${c.PAD_TOP}u, column + ${c.PAD_LEFT}u); }`,
    'fn a_under(corner: vec2u, r: u32, s: u32) -> vec2u {',
    `  let at = corner - vec2u(r * ${c.DILATION_Y}u, s * ${c.DILATION_X}u);`,
    ...(strided
      ? [
          `  let whole = at.x % ${c.STRIDE_Y}u == 0u && at.y % ${c.STRIDE_X}u == 0u;`,
          `  return select(vec2u(0xffffffffu), vec2u(at.x / ${c.STRIDE_Y}u, at.y / ${c.STRIDE_X}u), whole);`,
        ]
      : ['  return at;']),
    '}',
  ]
}

/** Side a of a convolution. The place of a pixel is (photo's first row, corner); the place of a tap is (r, s, channel).
 */
export function patchOperand(patch: PatchSide): Operand {
  const { name, binding, filterAxis, channels, geometry } = patch
  const body = channels % 4 === 0 ? patchQuads(patch) : patchSingles(patch)
  return {
    along: filterAxis,
    code: [storageLine(name, binding, channels), ...geometry, ...pixelFunction(patch), ...body].join('\n'),
  }
}

function pixelFunction(patch: PatchSide): string[] {
  const { photos, height, rows, columns } = patch
  if (patch.windows) return windowedPixelFunction(patch)
  return [
    'fn a_pixel(i: u32) -> vec3u {',
    `  let corner = a_corner((i / ${columns}u) % ${rows}u, i % ${columns}u);`,
    `  return vec3u((i / ${rows * columns}u) * ${height}u, select(vec2u(0x7fffffffu), corner, i < ${photos * rows * columns}u));`,
    '}',
  ]
}

function windowedPixelFunction({ photos, height, rows, columns }: PatchSide): string[] {
  const [down, across] = [Math.floor(rows / 2), Math.floor(columns / 2)]
  return [
    'fn a_pixel(i: u32) -> vec3u {',
    '  let window = i / 4u;',
    `  let corner = a_corner((window / ${across}u) % ${down}u * 2u + i / 2u % 2u, window % ${across}u * 2u + i % 2u);`,
    `  return vec3u((window / ${down * across}u) * ${height}u, select(vec2u(0x7fffffffu), corner, window < ${photos * down * across}u));`,
    '}',
  ]
}

const beyondTap = '0x7fffu'
const onesTap = '0x7ffeu'

/** (r, s, channel) of place i on the filter's axis; a place beyond the end gets an r that no photo has. */
function tapFunction({ r, s, onesRow }: PatchSide, channels: number): string[] {
  const end = r * s * channels
  return [
    'fn a_tap(i: u32) -> vec3u {',
    `  let tap = vec3u(i / ${s * channels}u, (i / ${channels}u) % ${s}u, i % ${channels}u);`,
    ...(onesRow ? [`  if (i == ${end}u) { return vec3u(${onesTap}, 0u, 0u); }`] : []),
    `  return select(vec3u(${beyondTap}, 0u, 0u), tap, i < ${end}u);`,
    '}',
  ]
}

function patchQuads(patch: PatchSide): string[] {
  const quads = patch.channels / 4
  const onOwn = patch.filterAxis === 'own'
  return [
    ...tapFunction(patch, quads),
    `fn a_own(i: u32) -> vec3u { return ${onOwn ? 'a_tap' : 'a_pixel'}(i); }`,
    `fn a_k(k: u32) -> vec3u { return ${onOwn ? 'a_pixel' : 'a_tap'}(k); }`,
    `fn a_load(${onOwn ? 'tap: vec3u, pixel: vec3u' : 'pixel: vec3u, tap: vec3u'}) -> vec4f {`,
    ...readUnder(patch, quads, 'vec4f()'),
    '}',
  ]
}

function patchSingles(patch: PatchSide): string[] {
  const onOwn = patch.filterAxis === 'own'
  const four = range(4).map(i => `a_at(pixel, a_tap(4u * i + ${i}u))`)
  return [
    ...tapFunction(patch, patch.channels),
    `fn a_own(i: u32) -> ${onOwn ? 'u32 { return i; }' : 'vec3u { return a_pixel(i); }'}`,
    `fn a_k(k: u32) -> ${onOwn ? 'vec3u { return a_pixel(k); }' : 'u32 { return k; }'}`,
    'fn a_at(pixel: vec3u, tap: vec3u) -> f32 {',
    ...readUnder(patch, patch.channels, '0.0'),
    '}',
    `fn a_load(${onOwn ? 'i: u32, pixel: vec3u' : 'pixel: vec3u, i: u32'}) -> vec4f { return vec4f(${four.join(', ')}); }`,
  ]
}

function readUnder({ name, height, width, onesRow }: PatchSide, stride: number, zero: string): string[] {
  return [
    '  let under = a_under(pixel.yz, tap.x, tap.y);',
    `  let inside = under.x < ${height}u && under.y < ${width}u;`,
    `  let at = select(0u, ((pixel.x + under.x) * ${width}u + under.y) * ${stride}u + tap.z, inside);`,
    `  let value = select(${zero}, ${name}[at], inside);`,
    onesRow
      ? `  return select(value, ${zero === '0.0' ? '1.0' : 'vec4f(1.0, 0.0, 0.0, 0.0)'}, tap.x == ${onesTap});`
      : '  return value;',
  ]
}
