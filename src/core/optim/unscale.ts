// The second half of loss scaling (ops/loss-scale.ts): divides the gradients by the scale through the factor of
// clipping, skips an update whose gradients overflowed, and adjusts the scale. All of it runs on the device, so no step
// waits for a readback.

import { float } from '../kernels/kernel.ts'
import { unscaleKernel } from '../kernels/optim/loss-scale.ts'
import { lossScale } from '../ops/loss-scale.ts'
import type { Tensor } from '../tensor/trace.ts'

/** Good updates after which a larger scale is tried. */
const patience = 1_000
/** More is of no use: with it f16 holds gradients down to 1e-12. */
const largestScale = 2 ** 16

/** `squares` [SUMS] of the gradients as they are -> the state `clip` [2]. `maximum`: of the norm, without the scale. */
export function unscaleGradients(squares: Tensor, clip: Tensor, maximum = 0): void {
  const { trace } = squares
  const constants = {
    SUMS: squares.size,
    MAXIMUM: float(maximum),
    PATIENCE: float(patience),
    LARGEST: float(largestScale),
  }
  trace.call(unscaleKernel, { squares, scale: lossScale(trace), clip }, constants)
}
