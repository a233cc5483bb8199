// y = a + b of the same shape.

import addWgsl from '../../../../shaders/elementwise/add.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { elementPass } from '../wasm-form.ts'

export const addKernel = elementKernel({
  name: 'add',
  source: addWgsl,
  bindings: { a: 'read', b: 'read', y: 'write' },
  constants: ['LENGTH'],
  half: ['a', 'b', 'y'],
  elements: c => c.LENGTH,
  wasm: c => [elementPass('add', c.LENGTH, 'a', 'y')],
  reference: ({ a, b, y }) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i]! + b[i]!
  },
})
