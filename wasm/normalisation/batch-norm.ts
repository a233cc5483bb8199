// Batch norm (Ioffe and Szegedy 2015), channels last: the kernels of src/core/ops/normalisation/batch-norm-kernels.ts.

import { madd, put, rectifiedIf } from '../lib/simd'
import { windowCorner, windowLargest } from './pooled-window'

@unmanaged
export class MomentsArgs {
  partial: usize
  M: i32
  C: i32
  ROWS: i32
}

/** partial [SPLITS, 2, C]: mean and sum of squared deviations of ROWS rows each. Item: a row, whole splits at a time;
 *  `from` is where the first lies. */
export function batchNormPartial(args: MomentsArgs, first: i32, end: i32, from: usize, _to: usize): void {
  const rowBytes = (<usize>args.C) << 2
  for (let row = first; row < end; row += args.ROWS) {
    const rows = min(args.ROWS, end - row)
    const to = args.partial + <usize>(row / args.ROWS) * 2 * rowBytes
    let c = 0
    for (; c + 16 <= args.C; c += 16) momentsOfSixteen(from + (<usize>c << 2), rows, rowBytes, to + (<usize>c << 2))
    for (; c < args.C; c += 4)
      momentsOfFour(from + (<usize>c << 2), rows, rowBytes, to + (<usize>c << 2), args.C - c)
    from += <usize>rows * rowBytes
  }
}

function momentsOfSixteen(from: usize, rows: i32, rowBytes: usize, to: usize): void {
  const share = f32x4.splat(<f32>(1.0 / <f64>rows))
  const end = from + <usize>rows * rowBytes
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  for (let at = from; at < end; at += rowBytes) {
    s0 = f32x4.add(s0, v128.load(at))
    s1 = f32x4.add(s1, v128.load(at, 16))
    s2 = f32x4.add(s2, v128.load(at, 32))
    s3 = f32x4.add(s3, v128.load(at, 48))
  }
  s0 = f32x4.mul(s0, share)
  s1 = f32x4.mul(s1, share)
  s2 = f32x4.mul(s2, share)
  s3 = f32x4.mul(s3, share)
  let q0 = f32x4.splat(0)
  let q1 = q0
  let q2 = q0
  let q3 = q0
  for (let at = from; at < end; at += rowBytes) {
    const d0 = f32x4.sub(v128.load(at), s0)
    const d1 = f32x4.sub(v128.load(at, 16), s1)
    const d2 = f32x4.sub(v128.load(at, 32), s2)
    const d3 = f32x4.sub(v128.load(at, 48), s3)
    q0 = madd(d0, d0, q0)
    q1 = madd(d1, d1, q1)
    q2 = madd(d2, d2, q2)
    q3 = madd(d3, d3, q3)
  }
  v128.store(to, s0)
  v128.store(to, s1, 16)
  v128.store(to, s2, 32)
  v128.store(to, s3, 48)
  to += rowBytes
  v128.store(to, q0)
  v128.store(to, q1, 16)
  v128.store(to, q2, 32)
  v128.store(to, q3, 48)
}

function momentsOfFour(from: usize, rows: i32, rowBytes: usize, to: usize, left: i32): void {
  const end = from + <usize>rows * rowBytes
  let mean = f32x4.splat(0)
  for (let at = from; at < end; at += rowBytes) mean = f32x4.add(mean, v128.load(at))
  mean = f32x4.mul(mean, f32x4.splat(<f32>(1.0 / <f64>rows)))
  let squares = f32x4.splat(0)
  for (let at = from; at < end; at += rowBytes) {
    const away = f32x4.sub(v128.load(at), mean)
    squares = madd(away, away, squares)
  }
  put(to, mean, left)
  put(to + rowBytes, squares, left)
}

@unmanaged
export class MergeArgs {
  partial: usize
  statistics: usize
  running_mean: usize
  running_var: usize
  M: i32
  C: i32
  SPLITS: i32
  ROWS: i32
  EPSILON: f32
  MOMENTUM: f32
}

/** statistics [2, C] = mean and 1 / standard deviation, and the running ones moved. Item: a channel. */
export function batchNormMerge(args: MergeArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  for (let c = first; c < end; c++) {
    let mean: f64 = 0
    let squares: f64 = 0
    let count: f64 = 0
    for (let split = 0; split < args.SPLITS; split++) {
      const rows = <f64>min(args.ROWS, args.M - split * args.ROWS)
      const at = args.partial + ((<usize>(split * 2 * args.C + c)) << 2)
      const delta = <f64>load<f32>(at) - mean
      mean += (delta * rows) / (count + rows)
      squares += <f64>load<f32>(at + ((<usize>args.C) << 2)) + (delta * delta * count * rows) / (count + rows)
      count += rows
    }
    const at = (<usize>c) << 2
    store<f32>(args.statistics + at, <f32>mean)
    const scale = 1.0 / Math.sqrt(max(squares / <f64>args.M, 0.0) + <f64>args.EPSILON)
    store<f32>(args.statistics + at + ((<usize>args.C) << 2), <f32>scale)
    moveTo(args.running_mean + at, mean, args.MOMENTUM)
    moveTo(args.running_var + at, squares / <f64>(args.M - 1), args.MOMENTUM)
  }
}

function moveTo(at: usize, goal: f64, share: f32): void {
  const value = <f64>load<f32>(at)
  store<f32>(at, <f32>(value + (goal - value) * <f64>share))
}

@unmanaged
export class NormaliseArgs {
  x: usize
  statistics: usize
  gamma: usize
  beta: usize
  y: usize
  C: i32
  H: i32
  W: i32
  POOL: i32
  RELU: i32
}

/** y = (x - mean) scale gamma + beta, ReLU and the maximum of 2 x 2 windows if asked. Item: a row of y. */
export function batchNormNormalise(args: NormaliseArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const rowBytes = (<usize>args.C) << 2
  for (let row = first; row < end; row++) {
    const x = args.x + (args.POOL ? windowCorner(row, args.H, args.W) : <usize>row) * rowBytes
    const y = args.y + <usize>row * rowBytes
    for (let c = 0; c < args.C; c += 4) {
      const at = (<usize>c) << 2
      const gamma = v128.load(args.gamma + at)
      const value = args.POOL ? windowLargest(x + at, rowBytes, args.W, gamma) : v128.load(x + at)
      const away = f32x4.sub(value, v128.load(args.statistics + at))
      const normal = f32x4.mul(away, v128.load(args.statistics + rowBytes + at))
      put(y + at, rectifiedIf(madd(normal, gamma, v128.load(args.beta + at)), args.RELU), args.C - c)
    }
  }
}

@unmanaged
export class InferArgs {
  mean: usize
  variance: usize
  gamma: usize
  beta: usize
  C: i32
  RELU: i32
  EPSILON: f32
}

/** Batch norm by the running statistics. Item: a row; from `from` to `to`, which may be the same. */
export function batchNormInfer(args: InferArgs, first: i32, end: i32, from: usize, to: usize): void {
  const rowBytes = (<usize>args.C) << 2
  const epsilon = f32x4.splat(args.EPSILON)
  for (let c = 0; c < args.C; c += 4) {
    const at = (<usize>c) << 2
    const deviation = f32x4.sqrt(f32x4.add(v128.load(args.variance + at), epsilon))
    const factor = f32x4.div(v128.load(args.gamma + at), deviation)
    const mean = v128.load(args.mean + at)
    const beta = v128.load(args.beta + at)
    let x = from + at
    let y = to + at
    for (let row = first; row < end; row++) {
      const value = madd(f32x4.sub(v128.load(x), mean), factor, beta)
      put(y, rectifiedIf(value, args.RELU), args.C - c)
      x += rowBytes
      y += rowBytes
    }
  }
}

@unmanaged
export class SumsArgs {
  x: usize
  statistics: usize
  gamma: usize
  sums: usize
  C: i32
  H: i32
  W: i32
  POOL: i32
  ROWS: i32
}

/** sums [SPLITS, 2, C]: of dy, and of dy times the normalised x. Item: a row of dy, whole splits at a time; `from` is
 *  where the first lies. */
export function batchNormBackwardPartial(args: SumsArgs, first: i32, end: i32, from: usize, _to: usize): void {
  const rowBytes = (<usize>args.C) << 2
  for (let row = first; row < end; row++) {
    const sums = args.sums + <usize>(row / args.ROWS) * 2 * rowBytes
    if (row % args.ROWS == 0) memory.fill(sums, 0, 2 * rowBytes)
    const x = args.x + (args.POOL ? windowCorner(row, args.H, args.W) : <usize>row) * rowBytes
    for (let c = 0; c < args.C; c += 4) {
      const at = (<usize>c) << 2
      const value = args.POOL ? windowLargest(x + at, rowBytes, args.W, v128.load(args.gamma + at)) : v128.load(x + at)
      const away = f32x4.sub(value, v128.load(args.statistics + at))
      const normal = f32x4.mul(away, v128.load(args.statistics + rowBytes + at))
      const dy = v128.load(from + at)
      const beta = f32x4.add(v128.load(sums + at), dy)
      const gamma = madd(dy, normal, v128.load(sums + rowBytes + at))
      put(sums + at, beta, args.C - c)
      put(sums + rowBytes + at, gamma, args.C - c)
    }
    from += rowBytes
  }
}

@unmanaged
export class MergeSumsArgs {
  sums: usize
  dbeta: usize
  dgamma: usize
  C: i32
  SPLITS: i32
}

/** The gradients of beta and gamma, the sums of all splits. Item: a channel. */
export function batchNormMergeSums(args: MergeSumsArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  for (let c = first; c < end; c++) {
    let beta: f64 = 0
    let gamma: f64 = 0
    for (let split = 0; split < args.SPLITS; split++) {
      const at = args.sums + ((<usize>(split * 2 * args.C + c)) << 2)
      beta += <f64>load<f32>(at)
      gamma += <f64>load<f32>(at + ((<usize>args.C) << 2))
    }
    store<f32>(args.dbeta + (<usize>c << 2), <f32>beta)
    store<f32>(args.dgamma + (<usize>c << 2), <f32>gamma)
  }
}
