// The mean over all pixels of each channel.  x [N AREA C] -> y [N C]

import backwardWgsl from '../../../../shaders/pooling/global-average-pool-backward.wgsl?raw'
import forwardWgsl from '../../../../shaders/pooling/global-average-pool-forward.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { itemPass } from '../wasm-form.ts'

export const globalAveragePoolForward = elementKernel({
  name: 'global-average-pool-forward',
  source: forwardWgsl,
  bindings: { x: 'read', y: 'write' },
  constants: ['N', 'AREA', 'C'],
  half: ['x', 'y'],
  elements: c => c.N * c.C,
  wasm: c => [itemPass('globalAveragePoolForward', c.N, c.AREA * c.C)],
  reference: ({ x, y }, { AREA, C }) => {
    y.fill(0)
    for (let i = 0; i < x.length; i++) y[Math.floor(i / (AREA * C)) * C + (i % C)]! += x[i]! / AREA
  },
})

export const globalAveragePoolBackward = elementKernel({
  name: 'global-average-pool-backward',
  source: backwardWgsl,
  bindings: { dy: 'read', dx: 'write' },
  constants: ['N', 'AREA', 'C'],
  half: ['dy', 'dx'],
  elements: c => c.N * c.AREA * c.C,
  wasm: c => [itemPass('globalAveragePoolBackward', c.N, c.AREA * c.C)],
  reference: ({ dy, dx }, { AREA, C }) => {
    for (let i = 0; i < dx.length; i++) dx[i] = dy[Math.floor(i / (AREA * C)) * C + (i % C)]! / AREA
  },
})
