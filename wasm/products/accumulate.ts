// dw [slices, taps terms, columns] = patches of x, transposed, times dy: the weight gradient of a convolution, and with
// one tap and pixels for rows that of a dense layer. A slice adds up its own photos in order. Item: a block of up to 64
// rows of dw within one slice and tap, or a slice where patches are made.

import { madd } from '../lib/simd'
import { scratch } from '../lib/scratch'
import { copyPatch } from './multiply'
import { putPart } from './tile'

@unmanaged
export class AccumulateArgs {
  x: usize
  dy: usize
  dw: usize
  /** Offsets in bytes [PIXELS, TAPS] under each pixel, from its photo's first element on; below zero: outside. 0 where
   *  pixels are rows of a matrix. */
  table: usize
  zeros: usize
  /** Photos in all and a slice. */
  PHOTOS: i32
  IMAGES: i32
  PIXELS: i32
  /** Elements from one photo of x to the next. */
  PHOTO: i32
  TAPS: i32
  TERMS: i32
  COLUMNS: i32
  /** Elements from one row of dy to the next, from one row of dw to the next, and from one slice of dw to the next. */
  DY_ROW: i32
  DW_ROW: i32
  SLICE: i32
  /** 1 where runs are so short that patches are copied together first: then there is one tap of TAPS TERMS rows. */
  PATCHES: i32
}

/** Rows of dw an item, and pixels that are added up before the sums go back to memory. */
const rowsOfItem: i32 = 64
const pixelBlock: i32 = 64

export function accumulate(args: AccumulateArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const taps = args.PATCHES ? 1 : args.TAPS
  const terms = args.PATCHES ? args.TAPS * args.TERMS : args.TERMS
  const rows = args.PATCHES ? terms : rowsOfItem // patches are made once for all rows
  const blocks = (terms + rows - 1) / rows
  for (let item = first; item < end; item++) {
    const slice = item / (taps * blocks)
    const tap = (item / blocks) % taps
    const term = (item % blocks) * rows
    accumulateRows(args, slice, tap, term, min(rows, terms - term), terms)
  }
}

function accumulateRows(args: AccumulateArgs, slice: i32, tap: i32, term: i32, count: i32, terms: i32): void {
  const dw = args.dw + (<usize>(slice * args.SLICE + (tap * terms + term) * args.DW_ROW) << 2)
  for (let row = 0; row < count; row++) {
    memory.fill(dw + ((<usize>row * args.DW_ROW) << 2), 0, <usize>args.COLUMNS << 2)
  }
  const last = min(args.PHOTOS, (slice + 1) * args.IMAGES) * args.PIXELS
  for (let pixel = slice * args.IMAGES * args.PIXELS; pixel < last; pixel += pixelBlock) {
    const pixels = min(pixelBlock, last - pixel)
    if (args.PATCHES) placePatches(args, pixel, pixels, term, terms)
    else placePixels(args, pixel, pixels, tap, term)
    const dy = args.dy + ((<usize>pixel * args.DY_ROW) << 2)
    for (let row = 0; row < count; row += 4) {
      for (let column = 0; column < args.COLUMNS; column += 8) {
        addTile(
          <usize>row << 2,
          pixels,
          dy + (<usize>column << 2),
          <usize>args.DY_ROW << 2,
          dw + (<usize>(row * args.DW_ROW + column) << 2),
          <usize>args.DW_ROW << 2,
          min(4, count - row),
          min(8, args.COLUMNS - column),
        )
      }
    }
  }
}

/** The addresses of x under the pixels, term `term` first, in scratch. */
function placePixels(args: AccumulateArgs, first: i32, count: i32, tap: i32, term: i32): void {
  let photo = first / args.PIXELS
  let pixel = first % args.PIXELS
  const from = <usize>term << 2
  for (let i = 0; i < count; i++) {
    const base = args.x + ((<usize>photo * args.PHOTO) << 2)
    const offset = args.table ? load<i32>(args.table + (<usize>(pixel * args.TAPS + tap) << 2)) : 0
    store<usize>(scratch() + (<usize>i << 2), offset < 0 ? args.zeros : base + <usize>offset + from)
    if (++pixel == args.PIXELS) {
      pixel = 0
      photo++
    }
  }
}

function placePatches(args: AccumulateArgs, first: i32, count: i32, term: i32, terms: i32): void {
  let patch = scratch() + (<usize>pixelBlock << 2)
  for (let i = 0; i < count; i++) {
    copyPatch(args.x, args.table, args.zeros, first + i, args.PIXELS, args.PHOTO, args.TAPS, args.TERMS, patch)
    store<usize>(scratch() + (<usize>i << 2), patch + (<usize>term << 2))
    patch += <usize>terms << 2
  }
}

/** Adds the products of the pixels in scratch to four rows by eight columns of dw. Rows and columns beyond the last are
 *  computed from what lies there and not stored. */
function addTile(
  row: usize,
  pixels: i32,
  dy: usize,
  dyStride: usize,
  dw: usize,
  dwStride: usize,
  count: i32,
  width: i32,
): void {
  let c00 = f32x4.splat(0)
  let c01 = c00
  let c10 = c00
  let c11 = c00
  let c20 = c00
  let c21 = c00
  let c30 = c00
  let c31 = c00
  let place = scratch()
  const end = place + (<usize>pixels << 2)
  while (place < end) {
    const x = load<usize>(place) + row
    const b0 = v128.load(dy)
    const b1 = v128.load(dy, 16)
    const a0 = v128.load32_splat(x)
    c00 = madd(a0, b0, c00)
    c01 = madd(a0, b1, c01)
    const a1 = v128.load32_splat(x, 4)
    c10 = madd(a1, b0, c10)
    c11 = madd(a1, b1, c11)
    const a2 = v128.load32_splat(x, 8)
    c20 = madd(a2, b0, c20)
    c21 = madd(a2, b1, c21)
    const a3 = v128.load32_splat(x, 12)
    c30 = madd(a3, b0, c30)
    c31 = madd(a3, b1, c31)
    dy += dyStride
    place += 4
  }
  addRow(dw, c00, c01, width)
  if (count > 1) addRow(dw + dwStride, c10, c11, width)
  if (count > 2) addRow(dw + 2 * dwStride, c20, c21, width)
  if (count > 3) addRow(dw + 3 * dwStride, c30, c31, width)
}

@inline
function addRow(to: usize, left: v128, right: v128, width: i32): void {
  const sum0 = f32x4.add(v128.load(to), left)
  const sum1 = f32x4.add(v128.load(to, 16), right)
  if (width == 8) {
    v128.store(to, sum0)
    v128.store(to, sum1, 16)
  } else putPart(to, sum0, sum1, width)
}
