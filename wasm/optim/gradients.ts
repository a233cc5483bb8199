// What is done to gradients and weights around an update: clipping by norm, the total of parts, averaged weights.

import { put } from '../lib/simd'
import { stepNumber } from '../lib/step'
import { blockAt, blockLength, gradientOf } from './blocks'

@unmanaged
export class SquaresArgs {
  blocks: usize
  gradients: usize
  squares: usize
  BLOCKS: i32
}

/** Blocks of a sum: as in src/core/optim/clip.ts. */
const blocksOfSum: i32 = 64

/** squares [SUMS] of the gradients. Item: a sum of 64 blocks. */
export function gradientSquares(args: SquaresArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  for (let sum = first; sum < end; sum++) {
    let squares: f64 = 0
    for (let b = sum * blocksOfSum; b < min(args.BLOCKS, (sum + 1) * blocksOfSum); b++) {
      const block = blockAt(args.blocks, b)
      let ofBlock = f32x4.splat(0)
      for (let i = 0; i < blockLength; i += 4) {
        const gradient = gradientOf(block, args.gradients, i)
        ofBlock = f32x4.add(ofBlock, f32x4.mul(gradient, gradient))
      }
      for (let lane = 0; lane < 4; lane++) {
        squares += <f64>f32x4.extract_lane(ofBlock, 0)
        ofBlock = i8x16.shuffle(ofBlock, ofBlock, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3)
      }
    }
    store<f32>(args.squares + (<usize>sum << 2), <f32>squares)
  }
}

@unmanaged
export class TotalArgs {
  blocks: usize
  gradients: usize
  total: usize
  PARTS: i32
}

/** total [parameters] += gradients / PARTS, begun anew at the first part. Item: a block. */
export function accumulateGradients(args: TotalArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const parts = f32x4.splat(<f32>args.PARTS)
  const begins = stepNumber() % <u32>args.PARTS == 0
  for (let b = first; b < end; b++) {
    const block = blockAt(args.blocks, b)
    for (let i = 0; i < blockLength; i += 4) {
      const at = args.total + ((<usize>(b * blockLength + i)) << 2)
      const before = begins ? f32x4.splat(0) : v128.load(at)
      v128.store(at, f32x4.add(before, f32x4.div(gradientOf(block, args.gradients, i), parts)))
    }
  }
}

@unmanaged
export class AverageArgs {
  values: usize
  average: usize
  DECAY: f32
  REST: f32
}

/** average = d average + (1 - d) values, d growing to DECAY. Item: an element. */
export function averageWeights(args: AverageArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const step = <f32>stepNumber()
  const rest = (1 + step) / (10 + step) < args.DECAY ? <f32>9 / (10 + step) : args.REST
  const share = f32x4.splat(stepNumber() == 0 ? 1 : rest)
  for (let i = first; i < end; i += 4) {
    const at = (<usize>i) << 2
    const value = v128.load(args.values + at)
    const before = v128.load(args.average + at)
    const moved = f32x4.add(before, f32x4.mul(share, f32x4.sub(value, before)))
    put(args.average + at, stepNumber() == 0 ? value : moved, end - i)
  }
}
