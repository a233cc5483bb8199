// The largest value of each window.  x [N H W C] -> y [N P Q C]; padding never wins

import { maxPoolBackward, maxPoolForward } from '../../kernels/pooling/max-pool.ts'
import type { Tensor } from '../../tensor/trace.ts'
import { poolShape, type PoolOptions } from './pool.ts'

export function maxPool(x: Tensor, options: PoolOptions): Tensor {
  const { trace } = x
  const shape = poolShape(x, options)
  const y = trace.tensor([shape.N, shape.P, shape.Q, shape.C])
  const place = trace.tensor(y.shape, 'u32')
  trace.call(maxPoolForward, { x, y, place }, shape)
  if (trace.isRectified(x)) trace.markRectified(y)
  trace.onBackward(y, dy => {
    const dx = trace.tensor(x.shape)
    trace.call(maxPoolBackward, { dy, place, dx }, shape)
    if (trace.isReluMaskApplied(dy, y)) trace.markReluMaskApplied(dx, x)
    return [[x, dx]]
  })
  return y
}
