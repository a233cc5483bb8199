// A convolution with one filter a channel, whose input gradient is the same with another table: y [rows, C] = the sum
// over taps of x under the row times w [TAPS, C]. Item: a row. And its weight gradient dw [slices, TAPS C]. Item: a
// slice of photos.

import { madd, put } from '../lib/simd'
import { scratch } from '../lib/scratch'

@unmanaged
export class DepthwiseArgs {
  x: usize
  w: usize
  y: usize
  /** Offsets in bytes [PIXELS, TAPS], as in multiply.ts. */
  table: usize
  zeros: usize
  PIXELS: i32
  PHOTO: i32
  TAPS: i32
  C: i32
}

export function depthwise(args: DepthwiseArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const rowBytes = <usize>args.C << 2
  const second = scratch() + (<usize>args.TAPS << 2)
  for (let row = first; row < end; row += 2) {
    // Of an odd number the last row is computed twice, to the same place.
    const other = min(row + 1, end - 1)
    placeTaps(args.x, args.table, args.zeros, row, args.PIXELS, args.PHOTO, args.TAPS, scratch())
    placeTaps(args.x, args.table, args.zeros, other, args.PIXELS, args.PHOTO, args.TAPS, second)
    const y = args.y + <usize>row * rowBytes
    const z = args.y + <usize>other * rowBytes
    let c = 0
    for (; c + 16 <= args.C; c += 16) sixteen(args, <usize>c << 2, y, z)
    for (; c < args.C; c += 4) {
      four(args, scratch(), <usize>c << 2, y, args.C - c)
      four(args, second, <usize>c << 2, z, args.C - c)
    }
  }
}

/** The addresses under a row at `to`. */
function placeTaps(x: usize, table: usize, zeros: usize, row: i32, pixels: i32, photo: i32, taps: i32, to: usize): void {
  const base = x + ((<usize>(row / pixels) * photo) << 2)
  const offsets = table + (<usize>((row % pixels) * taps) << 2)
  for (let tap = 0; tap < taps; tap++) {
    const offset = load<i32>(offsets + (<usize>tap << 2))
    store<usize>(to + (<usize>tap << 2), offset < 0 ? zeros : base + <usize>offset)
  }
}

/** Sixteen channels of two rows, which share what is loaded of the filters. */
function sixteen(args: DepthwiseArgs, from: usize, y: usize, z: usize): void {
  let a0 = f32x4.splat(0)
  let a1 = a0
  let a2 = a0
  let a3 = a0
  let b0 = a0
  let b1 = a0
  let b2 = a0
  let b3 = a0
  let w = args.w + from
  const taps = <usize>args.TAPS << 2
  const end = scratch() + taps
  for (let place = scratch(); place < end; place += 4) {
    const p = load<usize>(place) + from
    const q = load<usize>(place + taps) + from
    const w0 = v128.load(w)
    a0 = madd(v128.load(p), w0, a0)
    b0 = madd(v128.load(q), w0, b0)
    const w1 = v128.load(w, 16)
    a1 = madd(v128.load(p, 16), w1, a1)
    b1 = madd(v128.load(q, 16), w1, b1)
    const w2 = v128.load(w, 32)
    a2 = madd(v128.load(p, 32), w2, a2)
    b2 = madd(v128.load(q, 32), w2, b2)
    const w3 = v128.load(w, 48)
    a3 = madd(v128.load(p, 48), w3, a3)
    b3 = madd(v128.load(q, 48), w3, b3)
    w += <usize>args.C << 2
  }
  storeSixteen(y + from, a0, a1, a2, a3)
  storeSixteen(z + from, b0, b1, b2, b3)
}

@inline
function storeSixteen(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(to, a)
  v128.store(to, b, 16)
  v128.store(to, c, 32)
  v128.store(to, d, 48)
}

function four(args: DepthwiseArgs, places: usize, from: usize, to: usize, left: i32): void {
  let sum = f32x4.splat(0)
  for (let tap = 0; tap < args.TAPS; tap++) {
    const x = load<usize>(places + (<usize>tap << 2)) + from
    sum = madd(v128.load(x), v128.load(args.w + ((<usize>tap * args.C) << 2) + from), sum)
  }
  put(to + from, sum, left)
}

@unmanaged
export class DepthwiseWeightArgs {
  x: usize
  dy: usize
  dw: usize
  table: usize
  zeros: usize
  PHOTOS: i32
  IMAGES: i32
  PIXELS: i32
  PHOTO: i32
  TAPS: i32
  C: i32
  SLICE: i32
}

export function depthwiseWeightGradient(
  args: DepthwiseWeightArgs,
  first: i32,
  end: i32,
  _from: usize,
  _to: usize,
): void {
  for (let slice = first; slice < end; slice++) {
    const dw = args.dw + ((<usize>slice * args.SLICE) << 2)
    memory.fill(dw, 0, (<usize>(args.TAPS * args.C)) << 2)
    const last = min(args.PHOTOS, (slice + 1) * args.IMAGES) * args.PIXELS
    for (let row = slice * args.IMAGES * args.PIXELS; row < last; row += pixelBlock) {
      const rows = min(pixelBlock, last - row)
      for (let i = 0; i < rows; i++) {
        const to = scratch() + (<usize>(i * args.TAPS) << 2)
        placeTaps(args.x, args.table, args.zeros, row + i, args.PIXELS, args.PHOTO, args.TAPS, to)
      }
      for (let tap = 0; tap < args.TAPS; tap += 3) addTaps(args, rows, args.dy + (<usize>(row * args.C) << 2), dw, tap)
    }
  }
}

/** Pixels whose products are added up before the sums go back to memory. */
const pixelBlock: i32 = 64

/** Adds the pixels in scratch to three taps of dw; beyond the last tap it is computed again and not stored. */
function addTaps(args: DepthwiseWeightArgs, rows: i32, dy: usize, dw: usize, tap: i32): void {
  const second = <usize>min(1, args.TAPS - 1 - tap) << 2
  const third = <usize>min(2, args.TAPS - 1 - tap) << 2
  const rowBytes = <usize>args.C << 2
  const taps = <usize>args.TAPS << 2
  const begin = scratch() + (<usize>tap << 2)
  const end = begin + <usize>rows * taps
  const to = dw + <usize>tap * rowBytes
  for (let c = 0; c < args.C; c += 8) {
    const at = <usize>c << 2
    let a0 = f32x4.splat(0)
    let a1 = a0
    let b0 = a0
    let b1 = a0
    let c0 = a0
    let c1 = a0
    let gradient = dy + at
    for (let place = begin; place < end; place += taps) {
      const d0 = v128.load(gradient)
      const d1 = v128.load(gradient, 16)
      const p = load<usize>(place) + at
      a0 = madd(v128.load(p), d0, a0)
      a1 = madd(v128.load(p, 16), d1, a1)
      const q = load<usize>(place + second) + at
      b0 = madd(v128.load(q), d0, b0)
      b1 = madd(v128.load(q, 16), d1, b1)
      const r = load<usize>(place + third) + at
      c0 = madd(v128.load(r), d0, c0)
      c1 = madd(v128.load(r, 16), d1, c1)
      gradient += rowBytes
    }
    addEight(to + at, a0, a1, args.C - c)
    if (second > 0) addEight(to + rowBytes + at, b0, b1, args.C - c)
    if (third > 4) addEight(to + 2 * rowBytes + at, c0, c1, args.C - c)
  }
}

function addEight(to: usize, low: v128, high: v128, left: i32): void {
  put(to, f32x4.add(v128.load(to), low), left)
  if (left > 4) put(to + 16, f32x4.add(v128.load(to, 16), high), left - 4)
}
