// y = max(x, 0).  x [...] -> y [...]

import backwardWgsl from '../../../shaders/elementwise/relu-backward.wgsl?raw'
import forwardWgsl from '../../../shaders/elementwise/relu-forward.wgsl?raw'
import { elementKernel } from '../kernels/kernel.ts'
import type { Tensor } from '../tensor/tensor.ts'

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

export const reluForward = elementKernel({
  name: 'relu-forward',
  source: forwardWgsl,
  bindings: { x: 'read', y: 'write' },
  half: ['x', 'y'],
  elements: c => c.LENGTH!,
  reference: ({ x, y }) => {
    for (let i = 0; i < x.length; i++) y[i] = Math.max(x[i], 0)
  },
})

export const reluBackward = elementKernel({
  name: 'relu-backward',
  source: backwardWgsl,
  bindings: { y: 'read', dy: 'read', dx: 'write' },
  half: ['y', 'dy', 'dx'],
  elements: c => c.LENGTH!,
  reference: ({ y, dy, dx }) => {
    for (let i = 0; i < y.length; i++) dx[i] = y[i] > 0 ? dy[i] : 0
  },
})
