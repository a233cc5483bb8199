// The mean over all pixels of each channel.  x [N H W C] -> y [N C]

import { globalAveragePoolBackward, globalAveragePoolForward } from '../../kernels/pooling/global-average-pool.ts'
import { expectRank } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/trace.ts'

export function globalAveragePool(x: Tensor): Tensor {
  expectRank(x, 4, '[N, H, W, C]', 'The global average pool')
  const { trace } = x
  const [N, H, W, C] = x.shape as [number, number, number, number]
  const constants = { N, AREA: H * W, C }
  const y = trace.tensor([N, C])
  trace.call(globalAveragePoolForward, { x, y }, constants)
  trace.onBackward(y, dy => {
    const dx = trace.tensor(x.shape)
    trace.call(globalAveragePoolBackward, { dy, dx }, constants)
    return [[x, dx]]
  })
  return y
}
