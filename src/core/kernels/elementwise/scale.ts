// y = FACTOR x.

import scaleWgsl from '../../../../shaders/elementwise/scale.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { elementPass } from '../wasm-form.ts'

export const scaleKernel = elementKernel({
  name: 'scale',
  source: scaleWgsl,
  bindings: { x: 'read', y: 'write' },
  constants: ['LENGTH', 'FACTOR'],
  half: ['x', 'y'],
  elements: c => c.LENGTH,
  wasm: c => [elementPass('scaleBy', c.LENGTH, 'x', 'y')],
  reference: ({ x, y }, { FACTOR }) => {
    for (let i = 0; i < x.length; i++) y[i] = x[i]! * FACTOR
  },
})
