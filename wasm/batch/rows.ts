// Photos beside their mirror images, the mean of both answers, and values stored as rows of a state.

import { put } from '../lib/simd'
import { batchCount, batchStart } from '../lib/step'

@unmanaged
export class MirroredArgs {
  x: usize
  y: usize
  LENGTH: i32
  W: i32
  C: i32
}

/** y [2N H W C]: x, then each of x with left and right exchanged. Item: a row of W pixels. */
export function withMirrored(args: MirroredArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const pixel = (<usize>args.C) << 2
  for (let row = first; row < end; row++) {
    const at = <usize>row * <usize>args.W * pixel
    memory.copy(args.y + at, args.x + at, <usize>args.W * pixel)
    const to = args.y + ((<usize>args.LENGTH) << 2) + at
    for (let v = 0; v < args.W; v++) {
      memory.copy(to + <usize>(args.W - 1 - v) * pixel, args.x + at + <usize>v * pixel, pixel)
    }
  }
}

@unmanaged
export class HalvesArgs {
  x: usize
  y: usize
  LENGTH: i32
}

/** y = the mean of the first and the second half of x. Item: an element of y. */
export function meanOfHalves(args: HalvesArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const half = f32x4.splat(0.5)
  for (let i = first; i < end; i += 4) {
    const at = (<usize>i) << 2
    const sum = f32x4.add(v128.load(args.x + at), v128.load(args.x + ((<usize>args.LENGTH) << 2) + at))
    put(args.y + at, f32x4.mul(sum, half), end - i)
  }
}

@unmanaged
export class StoreRowsArgs {
  x: usize
  results: usize
  D: i32
}

/** Item: a row. */
export function storeRows(args: StoreRowsArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const bytes = (<usize>args.D) << 2
  for (let row = first; row < min(end, batchCount()); row++) {
    memory.copy(args.results + <usize>(batchStart() + row) * bytes, args.x + <usize>row * bytes, bytes)
  }
}
