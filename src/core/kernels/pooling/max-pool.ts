// The largest value of each window, with the place of the winner for the way back.

import backwardWgsl from '../../../../shaders/pooling/max-pool-backward.wgsl?raw'
import forwardWgsl from '../../../../shaders/pooling/max-pool-forward.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { eachWindowElement, poolConstants } from './windows.ts'
import { itemPass } from '../wasm-form.ts'

export const maxPoolForward = elementKernel({
  name: 'max-pool-forward',
  source: forwardWgsl,
  bindings: { x: 'read', y: 'write', place: 'write u32' },
  constants: poolConstants,
  half: ['x', 'y'],
  elements: c => c.N * c.P * c.Q * c.C,
  wasm: c => [itemPass('maxPoolForward', c.N * c.P * c.Q, c.C * c.R * c.S)],
  reference: ({ x, y, place }, dims) => {
    y.fill(-3.4028234e38)
    place.fill(0)
    eachWindowElement(dims, (xAt, yAt, tap) => {
      for (let c = 0; c < dims.C; c++) {
        if (x[xAt + c]! <= y[yAt + c]!) continue
        y[yAt + c] = x[xAt + c]!
        place[yAt + c] = tap
      }
    })
  },
})

export const maxPoolBackward = elementKernel({
  name: 'max-pool-backward',
  source: backwardWgsl,
  bindings: { dy: 'read', place: 'read u32', dx: 'write' },
  constants: poolConstants,
  half: ['dy', 'dx'],
  elements: c => c.N * c.H * c.W * c.C,
  wasm: c => [itemPass('maxPoolBackward', c.N, c.H * c.W * c.C)],
  reference: ({ dy, place, dx }, dims) => {
    dx.fill(0)
    eachWindowElement(dims, (xAt, yAt, tap) => {
      for (let c = 0; c < dims.C; c++) if (place[yAt + c] === tap) dx[xAt + c]! += dy[yAt + c]!
    })
  },
})
