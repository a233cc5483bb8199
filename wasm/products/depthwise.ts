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
  for (let row = first; row < end; row++) {
    placeTaps(args.x, args.table, args.zeros, row, args.PIXELS, args.PHOTO, args.TAPS)
    const y = args.y + ((<usize>row * args.C) << 2)
    let c = 0
    for (; c + 16 <= args.C; c += 16) sixteen(args, (<usize>c) << 2, y + ((<usize>c) << 2))
    for (; c < args.C; c += 4) four(args, (<usize>c) << 2, y + ((<usize>c) << 2), args.C - c)
  }
}

/** The addresses under a row in scratch. */
function placeTaps(x: usize, table: usize, zeros: usize, row: i32, pixels: i32, photo: i32, taps: i32): void {
  const base = x + ((<usize>(row / pixels) * photo) << 2)
  const offsets = table + ((<usize>((row % pixels) * taps)) << 2)
  for (let tap = 0; tap < taps; tap++) {
    const offset = load<i32>(offsets + ((<usize>tap) << 2))
    store<usize>(scratch() + ((<usize>tap) << 2), offset < 0 ? zeros : base + <usize>offset)
  }
}

function sixteen(args: DepthwiseArgs, from: usize, to: usize): void {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let w = args.w + from
  const end = scratch() + ((<usize>args.TAPS) << 2)
  for (let place = scratch(); place < end; place += 4) {
    const x = load<usize>(place) + from
    s0 = madd(v128.load(x), v128.load(w), s0)
    s1 = madd(v128.load(x, 16), v128.load(w, 16), s1)
    s2 = madd(v128.load(x, 32), v128.load(w, 32), s2)
    s3 = madd(v128.load(x, 48), v128.load(w, 48), s3)
    w += (<usize>args.C) << 2
  }
  v128.store(to, s0)
  v128.store(to, s1, 16)
  v128.store(to, s2, 32)
  v128.store(to, s3, 48)
}

function four(args: DepthwiseArgs, from: usize, to: usize, left: i32): void {
  let sum = f32x4.splat(0)
  for (let tap = 0; tap < args.TAPS; tap++) {
    const x = load<usize>(scratch() + ((<usize>tap) << 2)) + from
    sum = madd(v128.load(x), v128.load(args.w + ((<usize>tap * args.C) << 2) + from), sum)
  }
  put(to, sum, left)
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
    for (let row = slice * args.IMAGES * args.PIXELS; row < last; row++) {
      placeTaps(args.x, args.table, args.zeros, row, args.PIXELS, args.PHOTO, args.TAPS)
      addPixel(args, args.dy + ((<usize>row * args.C) << 2), dw)
    }
  }
}

function addPixel(args: DepthwiseWeightArgs, dy: usize, dw: usize): void {
  for (let tap = 0; tap < args.TAPS; tap++) {
    const x = load<usize>(scratch() + ((<usize>tap) << 2))
    if (x != args.zeros) {
      for (let c = 0; c < args.C; c += 4) {
        const at = (<usize>c) << 2
        put(dw + at, madd(v128.load(x + at), v128.load(dy + at), v128.load(dw + at)), args.C - c)
      }
    }
    dw += (<usize>args.C) << 2
  }
}
