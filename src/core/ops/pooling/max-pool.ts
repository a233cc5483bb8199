// The largest value of each window.  x [N H W C] -> y [N P Q C]; padding never wins

import backwardWgsl from '../../../../shaders/pooling/max-pool-backward.wgsl?raw'
import forwardWgsl from '../../../../shaders/pooling/max-pool-forward.wgsl?raw'
import { elementKernel } from '../../kernels/kernel.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { eachWindowElement, poolShape, type PoolOptions } from './pool.ts'

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

export const maxPoolForward = elementKernel({
  name: 'max-pool-forward',
  source: forwardWgsl,
  bindings: { x: 'read', y: 'write', place: 'write' },
  half: ['x', 'y'],
  elements: c => c.N! * c.P! * c.Q! * c.C!,
  reference: ({ x, y, place }, dims) => {
    y.fill(-3.4028234e38)
    place.fill(0)
    eachWindowElement(dims, (xAt, yAt, tap) => {
      for (let c = 0; c < dims.C!; c++) {
        if (x[xAt + c] <= y[yAt + c]) continue
        y[yAt + c] = x[xAt + c]
        place[yAt + c] = tap
      }
    })
  },
})

export const maxPoolBackward = elementKernel({
  name: 'max-pool-backward',
  source: backwardWgsl,
  bindings: { dy: 'read', place: 'read', dx: 'write' },
  half: ['dy', 'dx'],
  elements: c => c.N! * c.H! * c.W! * c.C!,
  reference: ({ dy, place, dx }, dims) => {
    dx.fill(0)
    eachWindowElement(dims, (xAt, yAt, tap) => {
      for (let c = 0; c < dims.C!; c++) if (place[yAt + c] === tap) dx[xAt + c] += dy[yAt + c]
    })
  },
})
