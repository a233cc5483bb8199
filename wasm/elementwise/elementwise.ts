// What is done to each value alone. Item: an element; `from` is where the first lies, `to` where its result goes, which
// may be the same place.

import { put } from '../lib/simd'
import { bits0, bits1, bits2, bits3, philox, philoxBits, unit } from '../lib/philox'
import { stepNumber, stepSeed } from '../lib/step'

@unmanaged
export class NoArgs {
  /** Structures hold at least one field. */
  LENGTH: i32
}

export function reluForward(_args: NoArgs, first: i32, end: i32, from: usize, to: usize): void {
  const zero = f32x4.splat(0)
  for (let left = end - first; left > 0; left -= 4) {
    put(to, f32x4.max(v128.load(from), zero), left)
    from += 16
    to += 16
  }
}

@unmanaged
export class MaskArgs {
  y: usize
}

/** dx = dy where y > 0. */
export function reluBackward(args: MaskArgs, first: i32, end: i32, from: usize, to: usize): void {
  const zero = f32x4.splat(0)
  let y = args.y + (<usize>first << 2)
  for (let left = end - first; left > 0; left -= 4) {
    put(to, v128.and(v128.load(from), f32x4.gt(v128.load(y), zero)), left)
    from += 16
    to += 16
    y += 16
  }
}

@unmanaged
export class AddArgs {
  b: usize
}

export function add(args: AddArgs, first: i32, end: i32, from: usize, to: usize): void {
  let b = args.b + (<usize>first << 2)
  for (let left = end - first; left > 0; left -= 4) {
    put(to, f32x4.add(v128.load(from), v128.load(b)), left)
    from += 16
    to += 16
    b += 16
  }
}

@unmanaged
export class ScaleArgs {
  FACTOR: f32
}

export function scaleBy(args: ScaleArgs, first: i32, end: i32, from: usize, to: usize): void {
  const factor = f32x4.splat(args.FACTOR)
  for (let left = end - first; left > 0; left -= 4) {
    put(to, f32x4.mul(v128.load(from), factor), left)
    from += 16
    to += 16
  }
}

@unmanaged
export class DropoutArgs {
  LAYER: i32
  STREAM: i32
  RATE: f32
  SCALE: f32
}

/** The numbers of block b are those of elements 4 b to 4 b + 3. */
export function dropout(args: DropoutArgs, first: i32, end: i32, from: usize, to: usize): void {
  const rate = f32x4.splat(args.RATE)
  const factor = f32x4.splat(args.SCALE)
  let i = first
  for (; i < end && (i & 3) != 0; i++) {
    dropOne(args, i, from, to)
    from += 4
    to += 4
  }
  for (; i + 4 <= end; i += 4) {
    philox(i >> 2, args.LAYER, stepNumber(), 0, stepSeed(), args.STREAM)
    const drawn = fourUnits()
    v128.store(to, v128.and(f32x4.mul(v128.load(from), factor), f32x4.ge(drawn, rate)))
    from += 16
    to += 16
  }
  for (; i < end; i++) {
    dropOne(args, i, from, to)
    from += 4
    to += 4
  }
}

function dropOne(args: DropoutArgs, i: i32, from: usize, to: usize): void {
  philox(i >> 2, args.LAYER, stepNumber(), 0, stepSeed(), args.STREAM)
  store<f32>(to, unit(philoxBits(i & 3)) >= args.RATE ? load<f32>(from) * args.SCALE : 0)
}

@inline
function fourUnits(): v128 {
  const two = f32x4.replace_lane(f32x4.splat(unit(bits0)), 1, unit(bits1))
  return f32x4.replace_lane(f32x4.replace_lane(two, 2, unit(bits2)), 3, unit(bits3))
}
