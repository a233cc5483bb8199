// y = FACTOR x.  x [...] -> y [...]

import { scaleKernel } from '../kernels/elementwise/scale.ts'
import { float } from '../kernels/kernel.ts'
import type { Tensor } from '../tensor/trace.ts'

/** Without a backward: for gradients. */
export function scaled(x: Tensor, factor: number): Tensor {
  const y = x.trace.tensor(x.shape)
  x.trace.call(scaleKernel, { x, y }, { LENGTH: x.size, FACTOR: float(factor) })
  return y
}
