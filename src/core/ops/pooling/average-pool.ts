// The mean of each window.  x [N H W C] -> y [N P Q C]; padding is not counted (PyTorch's count_include_pad = False)

import { averagePoolBackward, averagePoolForward } from '../../kernels/pooling/average-pool.ts'
import type { Tensor } from '../../tensor/trace.ts'
import { poolShape, type PoolOptions } from './pool.ts'

export function averagePool(x: Tensor, options: PoolOptions): Tensor {
  const { trace } = x
  const shape = poolShape(x, options)
  const y = trace.tensor([shape.N, shape.P, shape.Q, shape.C])
  trace.call(averagePoolForward, { x, y }, shape)
  trace.onBackward(y, dy => {
    const dx = trace.tensor(x.shape)
    trace.call(averagePoolBackward, { dy, dx }, shape)
    return [[x, dx]]
  })
  return y
}
