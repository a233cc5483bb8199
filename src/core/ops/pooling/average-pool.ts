// The mean of each window.  x [N H W C] -> y [N P Q C]; padding is not counted (PyTorch's count_include_pad = False)

import backwardWgsl from '../../../../shaders/pooling/average-pool-backward.wgsl?raw'
import forwardWgsl from '../../../../shaders/pooling/average-pool-forward.wgsl?raw'
import { elementKernel } from '../../kernels/kernel.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { eachWindowElement, poolShape, type PoolOptions, type PoolShape } from './pool.ts'

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

export const averagePoolForward = elementKernel({
  name: 'average-pool-forward',
  source: forwardWgsl,
  bindings: { x: 'read', y: 'write' },
  half: ['x', 'y'],
  elements: c => c.N! * c.P! * c.Q! * c.C!,
  reference: ({ x, y }, dims) => {
    const counts = countsOf(dims as PoolShape)
    y.fill(0)
    eachWindowElement(dims, (xAt, yAt) => {
      const count = counts[yAt / dims.C!]!
      for (let c = 0; c < dims.C!; c++) y[yAt + c] += x[xAt + c] / count
    })
  },
})

export const averagePoolBackward = elementKernel({
  name: 'average-pool-backward',
  source: backwardWgsl,
  bindings: { dy: 'read', dx: 'write' },
  half: ['dy', 'dx'],
  elements: c => c.N! * c.H! * c.W! * c.C!,
  reference: ({ dy, dx }, dims) => {
    const counts = countsOf(dims as PoolShape)
    dx.fill(0)
    eachWindowElement(dims, (xAt, yAt) => {
      const count = counts[yAt / dims.C!]!
      for (let c = 0; c < dims.C!; c++) dx[xAt + c] += dy[yAt + c] / count
    })
  },
})

/** Pixels inside the photo of each window [N P Q]. */
function countsOf(dims: PoolShape): Uint32Array {
  const counts = new Uint32Array(dims.N * dims.P * dims.Q)
  eachWindowElement(dims, (_, yAt) => counts[yAt / dims.C]!++)
  return counts
}
