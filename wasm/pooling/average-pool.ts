// The mean of each window, padding not counted, and its gradient; and the mean over all pixels.
// x [N H W C] -> y [N P Q C]; x [N AREA C] -> y [N C]

import { madd, put } from '../lib/simd'

@unmanaged
export class AveragePoolArgs {
  x: usize
  y: usize
  H: i32
  W: i32
  C: i32
  R: i32
  S: i32
  P: i32
  Q: i32
  STRIDE_Y: i32
  STRIDE_X: i32
  PAD_TOP: i32
  PAD_LEFT: i32
}

/** Item: a window. */
export function averagePoolForward(args: AveragePoolArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  for (let row = first; row < end; row++) {
    const photo = row / (args.P * args.Q)
    const top = ((row / args.Q) % args.P) * args.STRIDE_Y - args.PAD_TOP
    const left = (row % args.Q) * args.STRIDE_X - args.PAD_LEFT
    const count = countOf(top, args.R, args.H) * countOf(left, args.S, args.W)
    const share = f32x4.splat(<f32>(1.0 / <f64>count))
    for (let c = 0; c < args.C; c += 4) {
      const sum = sumOf(args, photo, top, left, c)
      put(args.y + ((<usize>(row * args.C + c)) << 2), f32x4.mul(sum, share), args.C - c)
    }
  }
}

/** Pixels of a window that begins at `first` that lie inside. */
function countOf(first: i32, length: i32, inside: i32): i32 {
  return min(length, inside - first) - max(0, -first)
}

function sumOf(args: AveragePoolArgs, photo: i32, top: i32, left: i32, c: i32): v128 {
  let sum = f32x4.splat(0)
  for (let r = max(0, -top); r < min(args.R, args.H - top); r++) {
    for (let s = max(0, -left); s < min(args.S, args.W - left); s++) {
      const at = ((photo * args.H + top + r) * args.W + left + s) * args.C + c
      sum = f32x4.add(sum, v128.load(args.x + (<usize>at << 2)))
    }
  }
  return sum
}

@unmanaged
export class AveragePoolGradientArgs {
  dy: usize
  dx: usize
  H: i32
  W: i32
  C: i32
  R: i32
  S: i32
  P: i32
  Q: i32
  STRIDE_Y: i32
  STRIDE_X: i32
  PAD_TOP: i32
  PAD_LEFT: i32
}

/** Item: a photo. */
export function averagePoolBackward(
  args: AveragePoolGradientArgs,
  first: i32,
  end: i32,
  _from: usize,
  _to: usize,
): void {
  const photoBytes = (<usize>(args.H * args.W * args.C)) << 2
  for (let photo = first; photo < end; photo++) {
    const dx = args.dx + <usize>photo * photoBytes
    memory.fill(dx, 0, photoBytes)
    for (let p = 0; p < args.P; p++) {
      for (let q = 0; q < args.Q; q++) spread(args, (photo * args.P + p) * args.Q + q, p, q, dx)
    }
  }
}

function spread(args: AveragePoolGradientArgs, row: i32, p: i32, q: i32, dx: usize): void {
  const top = p * args.STRIDE_Y - args.PAD_TOP
  const left = q * args.STRIDE_X - args.PAD_LEFT
  const count = countOf(top, args.R, args.H) * countOf(left, args.S, args.W)
  const share = f32x4.splat(<f32>(1.0 / <f64>count))
  for (let r = max(0, -top); r < min(args.R, args.H - top); r++) {
    for (let s = max(0, -left); s < min(args.S, args.W - left); s++) {
      const to = dx + ((<usize>(((top + r) * args.W + left + s) * args.C)) << 2)
      for (let c = 0; c < args.C; c += 4) {
        const at = (<usize>c) << 2
        const dy = v128.load(args.dy + ((<usize>(row * args.C)) << 2) + at)
        put(to + at, madd(dy, share, v128.load(to + at)), args.C - c)
      }
    }
  }
}

@unmanaged
export class GlobalPoolArgs {
  x: usize
  y: usize
  AREA: i32
  C: i32
}

/** Item: a photo. */
export function globalAveragePoolForward(args: GlobalPoolArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const share = f32x4.splat(<f32>(1.0 / <f64>args.AREA))
  for (let photo = first; photo < end; photo++) {
    for (let c = 0; c < args.C; c += 4) {
      let at = args.x + ((<usize>(photo * args.AREA * args.C + c)) << 2)
      let sum = f32x4.splat(0)
      for (let pixel = 0; pixel < args.AREA; pixel++) {
        sum = f32x4.add(sum, v128.load(at))
        at += (<usize>args.C) << 2
      }
      put(args.y + ((<usize>(photo * args.C + c)) << 2), f32x4.mul(sum, share), args.C - c)
    }
  }
}

@unmanaged
export class GlobalPoolGradientArgs {
  dy: usize
  dx: usize
  AREA: i32
  C: i32
}

/** Item: a photo. */
export function globalAveragePoolBackward(
  args: GlobalPoolGradientArgs,
  first: i32,
  end: i32,
  _from: usize,
  _to: usize,
): void {
  const share = f32x4.splat(<f32>(1.0 / <f64>args.AREA))
  for (let photo = first; photo < end; photo++) {
    for (let pixel = 0; pixel < args.AREA; pixel++) {
      const dx = args.dx + ((<usize>((photo * args.AREA + pixel) * args.C)) << 2)
      for (let c = 0; c < args.C; c += 4) {
        const dy = v128.load(args.dy + ((<usize>(photo * args.C + c)) << 2))
        put(dx + (<usize>c << 2), f32x4.mul(dy, share), args.C - c)
      }
    }
  }
}
