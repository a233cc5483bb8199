// y = max(x, 0), and its gradient: dy where y > 0.

import backwardWgsl from '../../../../shaders/elementwise/relu-backward.wgsl?raw'
import forwardWgsl from '../../../../shaders/elementwise/relu-forward.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { elementPass } from '../wasm-form.ts'

export const reluForward = elementKernel({
  name: 'relu-forward',
  source: forwardWgsl,
  bindings: { x: 'read', y: 'write' },
  constants: ['LENGTH'],
  half: ['x', 'y'],
  elements: c => c.LENGTH,
  wasm: c => [elementPass('reluForward', c.LENGTH, 'x', 'y')],
  reference: ({ x, y }) => {
    for (let i = 0; i < x.length; i++) y[i] = Math.max(x[i]!, 0)
  },
})

export const reluBackward = elementKernel({
  name: 'relu-backward',
  source: backwardWgsl,
  bindings: { y: 'read', dy: 'read', dx: 'write' },
  constants: ['LENGTH'],
  half: ['y', 'dy', 'dx'],
  elements: c => c.LENGTH,
  wasm: c => [elementPass('reluBackward', c.LENGTH, 'dy', 'dx')],
  reference: ({ y, dy, dx }) => {
    for (let i = 0; i < y.length; i++) dx[i] = y[i]! > 0 ? dy[i]! : 0
  },
})
