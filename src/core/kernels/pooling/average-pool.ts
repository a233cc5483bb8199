// The mean of each window; padding is not counted (PyTorch's count_include_pad = False).

import backwardWgsl from '../../../../shaders/pooling/average-pool-backward.wgsl?raw'
import forwardWgsl from '../../../../shaders/pooling/average-pool-forward.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { eachWindowElement, poolConstants, type PoolDims } from './windows.ts'
import { itemPass } from '../wasm-form.ts'

export const averagePoolForward = elementKernel({
  name: 'average-pool-forward',
  source: forwardWgsl,
  bindings: { x: 'read', y: 'write' },
  constants: poolConstants,
  half: ['x', 'y'],
  elements: c => c.N * c.P * c.Q * c.C,
  wasm: c => [itemPass('averagePoolForward', c.N * c.P * c.Q, c.C * c.R * c.S)],
  reference: ({ x, y }, dims) => {
    const counts = countsOf(dims)
    y.fill(0)
    eachWindowElement(dims, (xAt, yAt) => {
      const count = counts[yAt / dims.C]!
      for (let c = 0; c < dims.C; c++) y[yAt + c]! += x[xAt + c]! / count
    })
  },
})

export const averagePoolBackward = elementKernel({
  name: 'average-pool-backward',
  source: backwardWgsl,
  bindings: { dy: 'read', dx: 'write' },
  constants: poolConstants,
  half: ['dy', 'dx'],
  elements: c => c.N * c.H * c.W * c.C,
  wasm: c => [itemPass('averagePoolBackward', c.N, c.H * c.W * c.C)],
  reference: ({ dy, dx }, dims) => {
    const counts = countsOf(dims)
    dx.fill(0)
    eachWindowElement(dims, (xAt, yAt) => {
      const count = counts[yAt / dims.C]!
      for (let c = 0; c < dims.C; c++) dx[xAt + c]! += dy[yAt + c]! / count
    })
  },
})

/** Pixels inside the photo of each window [N P Q]. */
function countsOf(dims: PoolDims): Uint32Array {
  const counts = new Uint32Array(dims.N * dims.P * dims.Q)
  eachWindowElement(dims, (_, yAt) => counts[yAt / dims.C]!++)
  return counts
}
