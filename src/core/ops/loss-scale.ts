// Loss scaling (Micikevicius et al. 2018): f16 holds nothing between 0 and 6e-8, so in half precision the gradient of
// the loss is multiplied before it goes back through the net, and the gradients of the weights are divided by as much
// before the update (optim/unscale.ts).

import { scaleLoss } from '../kernels/optim/loss-scale.ts'
import type { Tensor, Trace } from '../tensor/trace.ts'

/** Snapshots hold it, so a resume goes on with the same scale. */
export const lossScaleState = 'optimizer.loss-scale'

const firstScale = 2 ** 15

/** The state [3]: the scale, good updates since it last changed, skipped updates in all. */
export function lossScale(trace: Trace): Tensor {
  return trace.state(lossScaleState, [3], 'f32', values => values.set([firstScale, 0, 0]))
}

/** dx [...] times the scale; without a backward. */
export function scaledLoss(dx: Tensor): Tensor {
  const y = dx.trace.tensor(dx.shape)
  dx.trace.call(scaleLoss, { x: dx, scale: lossScale(dx.trace), y }, { LENGTH: dx.size })
  return y
}
