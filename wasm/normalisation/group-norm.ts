// Group norm (Wu and He 2018) and layer norm, channels last: the kernels of
// src/core/ops/normalisation/group-norm-kernels.ts. A group is AREA pixels of C / GROUPS channels.

import { put, total } from '../lib/simd'

@unmanaged
export class GroupArgs {
  x: usize
  statistics: usize
  AREA: i32
  C: i32
  GROUPS: i32
  EPSILON: f32
}

/** statistics [N GROUPS, 2] = mean and 1 / standard deviation. Item: a group. */
export function groupNormStatistics(args: GroupArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const width = args.C / args.GROUPS
  const share = 1.0 / <f64>(args.AREA * width)
  for (let item = first; item < end; item++) {
    const x = args.x + ((<usize>((item / args.GROUPS) * args.AREA * args.C + (item % args.GROUPS) * width)) << 2)
    let sum: f64 = 0
    for (let pixel = 0; pixel < args.AREA; pixel++) sum += <f64>sumOf(x + ((<usize>(pixel * args.C)) << 2), width)
    const mean = <f32>(sum * share)
    let squares: f64 = 0
    for (let pixel = 0; pixel < args.AREA; pixel++) {
      squares += <f64>squaresOf(x + ((<usize>(pixel * args.C)) << 2), width, mean)
    }
    store<f32>(args.statistics + (<usize>item << 3), mean)
    store<f32>(args.statistics + (<usize>item << 3), <f32>(1.0 / Math.sqrt(squares * share + <f64>args.EPSILON)), 4)
  }
}

function sumOf(x: usize, width: i32): f32 {
  let sums = f32x4.splat(0)
  let c = 0
  for (; c + 4 <= width; c += 4) sums = f32x4.add(sums, v128.load(x + (<usize>c << 2)))
  let sum = total(sums)
  for (; c < width; c++) sum += load<f32>(x + (<usize>c << 2))
  return sum
}

function squaresOf(x: usize, width: i32, mean: f32): f32 {
  const means = f32x4.splat(mean)
  let sums = f32x4.splat(0)
  let c = 0
  for (; c + 4 <= width; c += 4) {
    const away = f32x4.sub(v128.load(x + (<usize>c << 2)), means)
    sums = f32x4.add(sums, f32x4.mul(away, away))
  }
  let sum = total(sums)
  for (; c < width; c++) {
    const away = load<f32>(x + (<usize>c << 2)) - mean
    sum += away * away
  }
  return sum
}

@unmanaged
export class GroupApplyArgs {
  x: usize
  statistics: usize
  gamma: usize
  beta: usize
  y: usize
  AREA: i32
  C: i32
  GROUPS: i32
}

/** Item: a row of C values. */
export function groupNormApply(args: GroupApplyArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const width = args.C / args.GROUPS
  for (let row = first; row < end; row++) {
    for (let group = 0; group < args.GROUPS; group++) {
      const item = (row / args.AREA) * args.GROUPS + group
      const mean = load<f32>(args.statistics + (<usize>item << 3))
      const scale = load<f32>(args.statistics + (<usize>item << 3), 4)
      for (let c = group * width; c < (group + 1) * width; c += 4) {
        const at = (<usize>c) << 2
        const x = v128.load(args.x + ((<usize>(row * args.C)) << 2) + at)
        const normal = f32x4.mul(f32x4.sub(x, f32x4.splat(mean)), f32x4.splat(scale))
        const value = f32x4.add(f32x4.mul(normal, v128.load(args.gamma + at)), v128.load(args.beta + at))
        put(args.y + ((<usize>(row * args.C)) << 2) + at, value, (group + 1) * width - c)
      }
    }
  }
}

@unmanaged
export class GroupInputGradientArgs {
  x: usize
  dy: usize
  statistics: usize
  gamma: usize
  dx: usize
  AREA: i32
  C: i32
  GROUPS: i32
}

/** Item: a group. */
export function groupNormInputGradient(
  args: GroupInputGradientArgs,
  first: i32,
  end: i32,
  _from: usize,
  _to: usize,
): void {
  const width = args.C / args.GROUPS
  for (let item = first; item < end; item++) {
    const channel = (item % args.GROUPS) * width
    const begin = (item / args.GROUPS) * args.AREA * args.C + channel
    groupGradient(args, begin, channel, width, item)
  }
}

function groupGradient(args: GroupInputGradientArgs, begin: i32, channel: i32, width: i32, item: i32): void {
  const mean = load<f32>(args.statistics + (<usize>item << 3))
  const scale = load<f32>(args.statistics + (<usize>item << 3), 4)
  let sum: f64 = 0
  let product: f64 = 0
  for (let pixel = 0; pixel < args.AREA; pixel++) {
    for (let c = 0; c < width; c++) {
      const at = (<usize>(begin + pixel * args.C + c)) << 2
      const gradient = load<f32>(args.dy + at) * load<f32>(args.gamma + ((<usize>(channel + c)) << 2))
      sum += <f64>gradient
      product += <f64>(gradient * (load<f32>(args.x + at) - mean) * scale)
    }
  }
  const count = <f64>(args.AREA * width)
  const ofSum = <f32>(sum / count)
  const ofProduct = <f32>(product / count)
  for (let pixel = 0; pixel < args.AREA; pixel++) {
    for (let c = 0; c < width; c++) {
      const at = (<usize>(begin + pixel * args.C + c)) << 2
      const gradient = load<f32>(args.dy + at) * load<f32>(args.gamma + ((<usize>(channel + c)) << 2))
      const normal = (load<f32>(args.x + at) - mean) * scale
      store<f32>(args.dx + at, scale * (gradient - ofSum - normal * ofProduct))
    }
  }
}

@unmanaged
export class GroupParameterArgs {
  x: usize
  dy: usize
  statistics: usize
  dgamma: usize
  dbeta: usize
  N: i32
  AREA: i32
  C: i32
  GROUPS: i32
  ROWS: i32
  STRIDE: i32
}

/** dgamma and dbeta [SPLITS, STRIDE], ROWS rows each. Item: a split. */
export function groupNormParameterGradients(
  args: GroupParameterArgs,
  first: i32,
  end: i32,
  _from: usize,
  _to: usize,
): void {
  const width = args.C / args.GROUPS
  for (let split = first; split < end; split++) {
    const to = (<usize>(split * args.STRIDE)) << 2
    memory.fill(args.dgamma + to, 0, (<usize>args.C) << 2)
    memory.fill(args.dbeta + to, 0, (<usize>args.C) << 2)
    const last = min(args.N * args.AREA, (split + 1) * args.ROWS)
    for (let row = split * args.ROWS; row < last; row++) {
      for (let group = 0; group < args.GROUPS; group++) addGroup(args, row, group, width, to)
    }
  }
}

function addGroup(args: GroupParameterArgs, row: i32, group: i32, width: i32, to: usize): void {
  const item = (row / args.AREA) * args.GROUPS + group
  const mean = f32x4.splat(load<f32>(args.statistics + (<usize>item << 3)))
  const scale = f32x4.splat(load<f32>(args.statistics + (<usize>item << 3), 4))
  for (let c = group * width; c < (group + 1) * width; c += 4) {
    const left = (group + 1) * width - c
    const at = (<usize>c) << 2
    const row4 = ((<usize>(row * args.C)) << 2) + at
    const dy = v128.load(args.dy + row4)
    const normal = f32x4.mul(f32x4.sub(v128.load(args.x + row4), mean), scale)
    const gamma = args.dgamma + to + at
    const beta = args.dbeta + to + at
    put(gamma, f32x4.add(v128.load(gamma), f32x4.mul(dy, normal)), left)
    put(beta, f32x4.add(v128.load(beta), dy), left)
  }
}
