// y = a + b of the same shape.

import addWgsl from '../../../../shaders/elementwise/add.wgsl?raw'
import { elementKernel } from '../kernel.ts'

export const addKernel = elementKernel({
  name: 'add',
  source: addWgsl,
  bindings: { a: 'read', b: 'read', y: 'write' },
  constants: ['LENGTH'],
  half: ['a', 'b', 'y'],
  elements: c => c.LENGTH,
  reference: ({ a, b, y }) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i]! + b[i]!
  },
})
