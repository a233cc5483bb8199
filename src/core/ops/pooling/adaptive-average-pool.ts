// The mean of P x Q windows that share the photo out evenly.  x [N H W C] -> y [N P Q C]

import { CoreError } from '../../error.ts'
import { adaptiveAveragePoolBackward, adaptiveAveragePoolForward } from '../../kernels/pooling/adaptive-average-pool.ts'
import { expectRank, shapeText } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/trace.ts'

export function adaptiveAveragePool(x: Tensor, [P, Q]: readonly [number, number]): Tensor {
  expectRank(x, 4, '[N, H, W, C]', 'An adaptive pool')
  const [N, H, W, C] = x.shape as [number, number, number, number]
  if (P < 1 || Q < 1)
    throw new CoreError(
      'shape-mismatch',
      `An adaptive pool of ${P} x ${Q} windows cannot read ${shapeText(x.shape)}.`,
      'Give it at least one window each way.',
    )
  const { trace } = x
  const constants = { N, H, W, C, P, Q }
  const y = trace.tensor([N, P, Q, C])
  trace.call(adaptiveAveragePoolForward, { x, y }, constants)
  trace.onBackward(y, dy => {
    const dx = trace.tensor(x.shape)
    trace.call(adaptiveAveragePoolBackward, { dy, dx }, constants)
    return [[x, dx]]
  })
  return y
}
