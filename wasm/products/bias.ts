// y [M, K] += b [K], then ReLU if asked. Item: a row; `to` is where the first lies.

import { put, rectifiedIf } from '../lib/simd'

@unmanaged
export class BiasArgs {
  b: usize
  K: i32
  RELU: i32
}

export function biasRelu(args: BiasArgs, first: i32, end: i32, _from: usize, to: usize): void {
  for (let row = first; row < end; row++) {
    for (let k = 0; k < args.K; k += 4) {
      const value = f32x4.add(v128.load(to + (<usize>k << 2)), v128.load(args.b + (<usize>k << 2)))
      put(to + (<usize>k << 2), rectifiedIf(value, args.RELU), args.K - k)
    }
    to += (<usize>args.K) << 2
  }
}
