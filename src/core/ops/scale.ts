// y = FACTOR x.  x [...] -> y [...]

import scaleWgsl from '../../../shaders/elementwise/scale.wgsl?raw'
import { elementKernel, float } from '../kernels/kernel.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** Without a backward: for gradients. */
export function scaled(x: Tensor, factor: number): Tensor {
  const y = x.trace.tensor(x.shape)
  x.trace.call(scaleKernel, { x, y }, { LENGTH: x.size, FACTOR: float(factor) })
  return y
}

export const scaleKernel = elementKernel({
  name: 'scale',
  source: scaleWgsl,
  bindings: { x: 'read', y: 'write' },
  half: ['x', 'y'],
  elements: c => c.LENGTH!,
  reference: ({ x, y }, { FACTOR }) => {
    for (let i = 0; i < x.length; i++) y[i] = x[i] * FACTOR!
  },
})
