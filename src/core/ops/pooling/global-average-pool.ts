// The mean over all pixels of each channel.  x [N H W C] -> y [N C]

import backwardWgsl from '../../../../shaders/pooling/global-average-pool-backward.wgsl?raw'
import forwardWgsl from '../../../../shaders/pooling/global-average-pool-forward.wgsl?raw'
import { elementKernel } from '../../kernels/kernel.ts'
import { expectRank, type Tensor } from '../../tensor/tensor.ts'

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

export const globalAveragePoolForward = elementKernel({
  name: 'global-average-pool-forward',
  source: forwardWgsl,
  bindings: { x: 'read', y: 'write' },
  half: ['x', 'y'],
  elements: c => c.N! * c.C!,
  reference: ({ x, y }, { AREA, C }) => {
    y.fill(0)
    for (let i = 0; i < x.length; i++) y[Math.floor(i / (AREA! * C!)) * C! + (i % C!)] += x[i] / AREA!
  },
})

export const globalAveragePoolBackward = elementKernel({
  name: 'global-average-pool-backward',
  source: backwardWgsl,
  bindings: { dy: 'read', dx: 'write' },
  half: ['dy', 'dx'],
  elements: c => c.N! * c.AREA! * c.C!,
  reference: ({ dy, dx }, { AREA, C }) => {
    for (let i = 0; i < dx.length; i++) dx[i] = dy[Math.floor(i / (AREA! * C!)) * C! + (i % C!)] / AREA!
  },
})
