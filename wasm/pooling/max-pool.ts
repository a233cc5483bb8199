// The largest value of each window, and its gradient. x [N H W C] -> y [N P Q C], place [N P Q C]

import { put } from '../lib/simd'

@unmanaged
export class MaxPoolArgs {
  x: usize
  y: usize
  place: usize
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
export function maxPoolForward(args: MaxPoolArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  for (let row = first; row < end; row++) {
    const photo = row / (args.P * args.Q)
    const top = ((row / args.Q) % args.P) * args.STRIDE_Y - args.PAD_TOP
    const left = (row % args.Q) * args.STRIDE_X - args.PAD_LEFT
    for (let c = 0; c < args.C; c += 4) windowOf(args, row, photo, top, left, c)
  }
}

function windowOf(args: MaxPoolArgs, row: i32, photo: i32, top: i32, left: i32, c: i32): void {
  let best = f32x4.splat(<f32>-3.4028234e38)
  let place = i32x4.splat(0)
  for (let r = max(0, -top); r < min(args.R, args.H - top); r++) {
    for (let s = max(0, -left); s < min(args.S, args.W - left); s++) {
      const at = ((photo * args.H + top + r) * args.W + left + s) * args.C + c
      const value = v128.load(args.x + (<usize>at << 2))
      const larger = f32x4.gt(value, best)
      best = v128.bitselect(value, best, larger)
      place = v128.bitselect(i32x4.splat(r * args.S + s), place, larger)
    }
  }
  const at = (<usize>(row * args.C + c)) << 2
  put(args.y + at, best, args.C - c)
  if (args.place) put(args.place + at, place, args.C - c)
}

@unmanaged
export class PoolStageArgs {
  place: usize
  C: i32
  W: i32
  Q: i32
}

/** 2 x 2 windows of two rows of W pixels that lie at `from`. Item: a row of Q windows; `to` is where the first goes. */
export function maxPoolStage(args: PoolStageArgs, first: i32, _end: i32, from: usize, to: usize): void {
  const rowBytes = (<usize>args.C) << 2
  for (let q = 0; q < args.Q; q++) {
    const corner = from + <usize>(2 * q) * rowBytes
    const below = corner + <usize>args.W * rowBytes
    const at = <usize>(first * args.Q + q) * rowBytes
    for (let c = 0; c < args.C; c += 4) {
      const channel = (<usize>c) << 2
      let best = v128.load(corner + channel)
      let place = i32x4.splat(0)
      for (let tap = 1; tap < 4; tap++) {
        const value = v128.load((tap < 2 ? corner : below) + <usize>(tap & 1) * rowBytes + channel)
        const larger = f32x4.gt(value, best)
        best = v128.bitselect(value, best, larger)
        place = v128.bitselect(i32x4.splat(tap), place, larger)
      }
      put(to + <usize>q * rowBytes + channel, best, args.C - c)
      if (args.place) put(args.place + at + channel, place, args.C - c)
    }
  }
}

@unmanaged
export class MaxPoolGradientArgs {
  dy: usize
  place: usize
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

/** Item: a photo, whose windows give their gradient to the place of their largest in order. */
export function maxPoolBackward(args: MaxPoolGradientArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const photoBytes = (<usize>(args.H * args.W * args.C)) << 2
  for (let photo = first; photo < end; photo++) {
    const dx = args.dx + <usize>photo * photoBytes
    memory.fill(dx, 0, photoBytes)
    for (let p = 0; p < args.P; p++) {
      for (let q = 0; q < args.Q; q++) giveBack(args, (photo * args.P + p) * args.Q + q, p, q, dx)
    }
  }
}

function giveBack(args: MaxPoolGradientArgs, row: i32, p: i32, q: i32, dx: usize): void {
  const top = p * args.STRIDE_Y - args.PAD_TOP
  const left = q * args.STRIDE_X - args.PAD_LEFT
  const from = (<usize>(row * args.C)) << 2
  for (let r = max(0, -top); r < min(args.R, args.H - top); r++) {
    for (let s = max(0, -left); s < min(args.S, args.W - left); s++) {
      const tap = i32x4.splat(r * args.S + s)
      const to = dx + ((<usize>(((top + r) * args.W + left + s) * args.C)) << 2)
      for (let c = 0; c < args.C; c += 4) {
        const at = (<usize>c) << 2
        const chosen = i32x4.eq(v128.load(args.place + from + at), tap)
        const gradient = v128.and(v128.load(args.dy + from + at), chosen)
        put(to + at, f32x4.add(v128.load(to + at), gradient), args.C - c)
      }
    }
  }
}
