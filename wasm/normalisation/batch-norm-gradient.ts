// dx of batch norm: gamma scale (dy - (sum of dy + normalised x sum of dy x) / M), where dy lies at the winner of its
// window if the norm pools.

import { put } from '../lib/simd'
import { windowLargest } from './pooled-window'

@unmanaged
export class InputGradientArgs {
  x: usize
  dy: usize
  statistics: usize
  gamma: usize
  dbeta: usize
  dgamma: usize
  dx: usize
  M: i32
  C: i32
  H: i32
  W: i32
  POOL: i32
}

/** Item: a row of x; with POOL two rows of pixels of a photo. */
export function batchNormBackwardApply(args: InputGradientArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  if (args.POOL) {
    const pairs = (args.H + 1) / 2
    for (let pair = first; pair < end; pair++) pairOfRows(args, pair / pairs, (pair % pairs) * 2)
    return
  }
  const rowBytes = <usize>args.C << 2
  for (let row = first; row < end; row++) {
    const at = <usize>row * rowBytes
    for (let c = 0; c < args.C; c += 4) {
      const channel = <usize>c << 2
      apply(args, at + channel, channel, v128.load(args.dy + at + channel), args.C - c)
    }
  }
}

/** dx of four channels of a pixel whose normalised value got the gradient `dy`. */
@inline
function apply(args: InputGradientArgs, at: usize, channel: usize, dy: v128, left: i32): void {
  const scale = v128.load(args.statistics + (<usize>args.C << 2) + channel)
  const away = f32x4.sub(v128.load(args.x + at), v128.load(args.statistics + channel))
  const normal = f32x4.mul(away, scale)
  const share = f32x4.splat(<f32>(1.0 / <f64>args.M))
  const means = f32x4.add(
    v128.load(args.dbeta + channel),
    f32x4.mul(normal, v128.load(args.dgamma + channel)),
  )
  const slope = f32x4.mul(v128.load(args.gamma + channel), scale)
  put(args.dx + at, f32x4.mul(slope, f32x4.sub(dy, f32x4.mul(means, share))), left)
}

function pairOfRows(args: InputGradientArgs, photo: i32, h: i32): void {
  const rowBytes = <usize>args.C << 2
  const row = <usize>((photo * args.H + h) * args.W)
  const whole = h + 1 < args.H ? args.W / 2 : 0
  const place = <usize>((photo * (args.H / 2) + h / 2) * (args.W / 2))
  for (let i = 0; i < whole; i++) {
    window(args, (row + <usize>(2 * i)) * rowBytes, args.dy + (place + <usize>i) * rowBytes)
  }
  for (let v = whole * 2; v < args.W; v++) {
    withoutGradient(args, (row + <usize>v) * rowBytes)
    if (h + 1 < args.H) withoutGradient(args, (row + <usize>(args.W + v)) * rowBytes)
  }
}

/** A pixel in no window. */
function withoutGradient(args: InputGradientArgs, at: usize): void {
  for (let c = 0; c < args.C; c += 4) {
    apply(args, at + (<usize>c << 2), <usize>c << 2, f32x4.splat(0), args.C - c)
  }
}

/** The four pixels of a window: the first that holds the winning value gets dy. */
function window(args: InputGradientArgs, corner: usize, dy: usize): void {
  const rowBytes = <usize>args.C << 2
  const below = corner + <usize>args.W * rowBytes
  for (let c = 0; c < args.C; c += 4) {
    const at = <usize>c << 2
    const gradient = v128.load(dy + at)
    const best = windowLargest(args.x + corner + at, rowBytes, args.W, v128.load(args.gamma + at))
    const first = f32x4.eq(v128.load(args.x + corner + at), best)
    const second = v128.andnot(f32x4.eq(v128.load(args.x + corner + rowBytes + at), best), first)
    const earlier = v128.or(first, second)
    const third = v128.andnot(f32x4.eq(v128.load(args.x + below + at), best), earlier)
    const fourth = v128.not(v128.or(earlier, third))
    apply(args, corner + at, at, v128.and(gradient, first), args.C - c)
    apply(args, corner + rowBytes + at, at, v128.and(gradient, second), args.C - c)
    apply(args, below + at, at, v128.and(gradient, third), args.C - c)
    apply(args, below + rowBytes + at, at, v128.and(gradient, fourth), args.C - c)
  }
}
