// y = max(x, 0).  x [...] -> y [...]

import { reluBackward, reluForward } from '../kernels/elementwise/relu.ts'
import type { Tensor } from '../tensor/trace.ts'

export function relu(x: Tensor): Tensor {
  const { trace } = x
  const y = trace.tensor(x.shape)
  trace.call(reluForward, { x, y }, { LENGTH: x.size })
  trace.markRectified(y)
  trace.onBackward(y, dy => [[x, reluGradient(y, dy)]])
  return y
}

/** dy where y > 0: the backward of every op that ends in a ReLU. Nothing runs where dy is so already
 *  (Trace.markReluMaskApplied). */
export function reluGradient(y: Tensor, dy: Tensor): Tensor {
  if (y.trace.isReluMaskApplied(dy, y)) return dy
  const dx = y.trace.tensor(y.shape)
  y.trace.call(reluBackward, { y, dy, dx }, { LENGTH: y.size })
  return dx
}

/** `dx` [shape of x], a gradient of x, with x's ReLU mask applied where x came out of a ReLU, and marked so that the
 *  ReLU's own backward has nothing left to do. */
export function applyReluMask(x: Tensor, dx: Tensor): Tensor {
  const { trace } = x
  if (!trace.isRectified(x)) return dx
  const masked = reluGradient(x, dx)
  trace.markReluMaskApplied(masked, x)
  return masked
}
