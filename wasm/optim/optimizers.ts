// The updates of all optimisers, four parameters at a time; each formula is that of the reference in src/core/optim. A
// clip of 0 skips the update. Item: a block of 64 parameters.

import { madd } from '../lib/simd'
import { correction1, correction2, stepRate } from '../lib/step'
import { absolute, blockAt, blockLength, gradientOf } from './blocks'

@unmanaged
export class AdamArgs {
  blocks: usize
  gradients: usize
  clip: usize
  values: usize
  m: usize
  v: usize
  BETA1: f32
  REST1: f32
  BETA2: f32
  REST2: f32
  EPSILON: f32
  DECAY: f32
}

export function adam(args: AdamArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const clip = load<f32>(args.clip)
  if (clip == 0) return
  for (let b = first; b < end; b++) {
    const block = blockAt(args.blocks, b)
    const rate = stepRate() * absolute(block.factor)
    const keep = f32x4.splat(block.factor > 0 ? 1 - rate * args.DECAY : 1)
    const step = f32x4.splat(rate)
    for (let i = 0; i < blockLength; i += 4) {
      const at = (<usize>(b * blockLength + i)) << 2
      const gradient = f32x4.mul(gradientOf(block, args.gradients, i), f32x4.splat(clip))
      const m = madd(f32x4.splat(args.BETA1), v128.load(args.m + at), f32x4.mul(f32x4.splat(args.REST1), gradient))
      const square = f32x4.mul(f32x4.mul(f32x4.splat(args.REST2), gradient), gradient)
      const v = madd(f32x4.splat(args.BETA2), v128.load(args.v + at), square)
      v128.store(args.m + at, m)
      v128.store(args.v + at, v)
      const root = f32x4.sqrt(f32x4.div(v, f32x4.splat(correction2())))
      const move = f32x4.div(
        f32x4.mul(step, f32x4.div(m, f32x4.splat(correction1()))),
        f32x4.add(root, f32x4.splat(args.EPSILON)),
      )
      v128.store(args.values + at, f32x4.sub(f32x4.mul(v128.load(args.values + at), keep), move))
    }
  }
}

@unmanaged
export class SgdArgs {
  blocks: usize
  gradients: usize
  clip: usize
  values: usize
  velocity: usize
  MOMENTUM: f32
  DECAY: f32
  NESTEROV: i32
}

export function sgd(args: SgdArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const clip = load<f32>(args.clip)
  if (clip == 0) return
  const momentum = f32x4.splat(args.MOMENTUM)
  for (let b = first; b < end; b++) {
    const block = blockAt(args.blocks, b)
    const rate = f32x4.splat(stepRate() * absolute(block.factor))
    const decay = f32x4.splat(block.factor > 0 ? args.DECAY : 0)
    for (let i = 0; i < blockLength; i += 4) {
      const at = (<usize>(b * blockLength + i)) << 2
      const value = v128.load(args.values + at)
      const partial = f32x4.mul(gradientOf(block, args.gradients, i), f32x4.splat(clip))
      const gradient = f32x4.add(partial, f32x4.mul(decay, value))
      const velocity = f32x4.add(f32x4.mul(momentum, v128.load(args.velocity + at)), gradient)
      v128.store(args.velocity + at, velocity)
      const move = args.NESTEROV == 1 ? f32x4.add(gradient, f32x4.mul(momentum, velocity)) : velocity
      v128.store(args.values + at, f32x4.sub(value, f32x4.mul(rate, move)))
    }
  }
}

@unmanaged
export class AdagradArgs {
  blocks: usize
  gradients: usize
  clip: usize
  values: usize
  squares: usize
  EPSILON: f32
  DECAY: f32
}

export function adagrad(args: AdagradArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const clip = load<f32>(args.clip)
  if (clip == 0) return
  for (let b = first; b < end; b++) {
    const block = blockAt(args.blocks, b)
    const rate = f32x4.splat(stepRate() * absolute(block.factor))
    const decay = f32x4.splat(block.factor > 0 ? args.DECAY : 0)
    for (let i = 0; i < blockLength; i += 4) {
      const at = (<usize>(b * blockLength + i)) << 2
      const value = v128.load(args.values + at)
      const partial = f32x4.mul(gradientOf(block, args.gradients, i), f32x4.splat(clip))
      const gradient = f32x4.add(partial, f32x4.mul(decay, value))
      const squares = f32x4.add(v128.load(args.squares + at), f32x4.mul(gradient, gradient))
      v128.store(args.squares + at, squares)
      const root = f32x4.add(f32x4.sqrt(squares), f32x4.splat(args.EPSILON))
      v128.store(args.values + at, f32x4.sub(value, f32x4.div(f32x4.mul(rate, gradient), root)))
    }
  }
}

@unmanaged
export class RmspropArgs {
  blocks: usize
  gradients: usize
  clip: usize
  values: usize
  squares: usize
  velocity: usize
  ALPHA: f32
  REST: f32
  MOMENTUM: f32
  EPSILON: f32
  DECAY: f32
}

export function rmsprop(args: RmspropArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const clip = load<f32>(args.clip)
  if (clip == 0) return
  for (let b = first; b < end; b++) {
    const block = blockAt(args.blocks, b)
    const rate = f32x4.splat(stepRate() * absolute(block.factor))
    const decay = f32x4.splat(block.factor > 0 ? args.DECAY : 0)
    for (let i = 0; i < blockLength; i += 4) {
      const at = (<usize>(b * blockLength + i)) << 2
      const value = v128.load(args.values + at)
      const partial = f32x4.mul(gradientOf(block, args.gradients, i), f32x4.splat(clip))
      const gradient = f32x4.add(partial, f32x4.mul(decay, value))
      const square = f32x4.mul(f32x4.mul(f32x4.splat(args.REST), gradient), gradient)
      const squares = f32x4.add(f32x4.mul(f32x4.splat(args.ALPHA), v128.load(args.squares + at)), square)
      v128.store(args.squares + at, squares)
      const root = f32x4.add(f32x4.sqrt(squares), f32x4.splat(args.EPSILON))
      const kept = f32x4.mul(f32x4.splat(args.MOMENTUM), v128.load(args.velocity + at))
      const velocity = f32x4.add(kept, f32x4.div(gradient, root))
      v128.store(args.velocity + at, velocity)
      v128.store(args.values + at, f32x4.sub(value, f32x4.mul(rate, velocity)))
    }
  }
}
