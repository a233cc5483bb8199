// Predictions for a photo and its mirror image together: the batch grows by the mirror images, and the logits of both
// are averaged. It is for evaluation alone and has no gradient.

import { meanOfHalvesKernel, withMirroredKernel } from '../../kernels/batch/mirrored.ts'
import { expectRank } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/trace.ts'

/** x [N H W C] -> [2N H W C]: the photos, then each with left and right exchanged. */
export function withMirrored(x: Tensor): Tensor {
  expectRank(x, 4, '[N, H, W, C]', 'Mirroring')
  const [N, H, W, C] = x.shape as [number, number, number, number]
  const y = x.trace.tensor([2 * N, H, W, C])
  x.trace.call(withMirroredKernel, { x, y }, { LENGTH: x.size, W, C })
  return y
}

/** x [2N ...] -> [N ...]: the mean of row n and row N + n. */
export function meanOfHalves(x: Tensor): Tensor {
  const [rows, ...rest] = x.shape
  const y = x.trace.tensor([rows! / 2, ...rest])
  x.trace.call(meanOfHalvesKernel, { x, y }, { LENGTH: y.size })
  return y
}
