// y = FACTOR x.

import scaleWgsl from '../../../../shaders/elementwise/scale.wgsl?raw'
import { elementKernel } from '../kernel.ts'

export const scaleKernel = elementKernel({
  name: 'scale',
  source: scaleWgsl,
  bindings: { x: 'read', y: 'write' },
  constants: ['LENGTH', 'FACTOR'],
  half: ['x', 'y'],
  elements: c => c.LENGTH,
  reference: ({ x, y }, { FACTOR }) => {
    for (let i = 0; i < x.length; i++) y[i] = x[i]! * FACTOR
  },
})
