// Probabilities of a batch as rows of the results of a whole pass. logits [N K] -> results [ROWS K]. Item: a photo.

import { batchCount, batchStart } from '../lib/step'

@unmanaged
export class SoftmaxArgs {
  logits: usize
  results: usize
  K: i32
}

export function softmax(args: SoftmaxArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  for (let n = first; n < min(end, batchCount()); n++) {
    const row = args.logits + ((<usize>(n * args.K)) << 2)
    const to = args.results + ((<usize>((batchStart() + n) * args.K)) << 2)
    let largest: f32 = -Infinity
    for (let k = 0; k < args.K; k++) largest = max(largest, load<f32>(row + (<usize>k << 2)))
    let sum: f64 = 0
    for (let k = 0; k < args.K; k++) sum += Math.exp(<f64>(load<f32>(row + (<usize>k << 2)) - largest))
    for (let k = 0; k < args.K; k++) {
      const power = Math.exp(<f64>(load<f32>(row + (<usize>k << 2)) - largest))
      store<f32>(to + (<usize>k << 2), <f32>(power / sum))
    }
  }
}
