// The other end of loss scaling (ops/loss-scale.ts): takes the scale out of the gradients, by way of the factor that
// clipping uses, skips an update whose gradients overflowed, and moves the scale. All of it on the device: no step
// waits for an answer.

import unscaleWgsl from '../../../shaders/optim/unscale-gradients.wgsl?raw'
import { float, kernel } from '../kernels/kernel.ts'
import { lossScale } from '../ops/loss-scale.ts'
import type { Tensor } from '../tensor/tensor.ts'

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

export const unscaleKernel = kernel({
  name: 'unscale-gradients',
  source: unscaleWgsl,
  bindings: { squares: 'read', scale: 'update', clip: 'write' },
  grid: () => [1, 1, 1],
  reference: ({ squares, scale, clip }, { MAXIMUM, PATIENCE, LARGEST }) => {
    const total = squares.reduce((sum: number, value: number) => sum + value, 0)
    const [before, good, skipped] = scale as unknown as [number, number, number]
    if (!Number.isFinite(total)) {
      clip.fill(0)
      scale.set([Math.max(before / 2, 1), 0, skipped + 1])
      return
    }
    const norm = Math.sqrt(total) / before
    clip.set([(MAXIMUM! > 0 ? Math.min(1, MAXIMUM! / (norm + 1e-6)) : 1) / before, norm])
    const grows = good + 1 >= PATIENCE!
    scale.set([grows ? Math.min(before * 2, LARGEST!) : before, grows ? 0 : good + 1, skipped])
  },
})
