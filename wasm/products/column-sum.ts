// sums [SPLITS, STRIDE] of the columns of dy [M, K], ROWS rows each: the gradient of a bias. Item: a split.

import { put } from '../lib/simd'

@unmanaged
export class ColumnSumArgs {
  dy: usize
  sums: usize
  M: i32
  K: i32
  ROWS: i32
  STRIDE: i32
}

export function columnSum(args: ColumnSumArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  for (let split = first; split < end; split++) {
    const sums = args.sums + ((<usize>split * args.STRIDE) << 2)
    memory.fill(sums, 0, (<usize>args.K) << 2)
    const last = min(args.M, (split + 1) * args.ROWS)
    for (let row = split * args.ROWS; row < last; row++) {
      const dy = args.dy + ((<usize>row * args.K) << 2)
      for (let k = 0; k < args.K; k += 4) {
        const at = sums + (<usize>k << 2)
        put(at, f32x4.add(v128.load(at), v128.load(dy + (<usize>k << 2))), args.K - k)
      }
    }
  }
}
