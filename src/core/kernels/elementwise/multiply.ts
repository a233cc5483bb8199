// y = a b, where b has one value a channel of each photo, or as many as a: b[n c] with AREA pixels between. And the sums
// over those pixels of a product, which are the gradient of such a b.  a [N AREA C], b [N C] -> y [N AREA C]

import multiplySumsWgsl from '../../../../shaders/elementwise/multiply-sums.wgsl?raw'
import multiplyWgsl from '../../../../shaders/elementwise/multiply.wgsl?raw'
import { elementKernel } from '../kernel.ts'

export const multiplyKernel = elementKernel({
  name: 'multiply',
  source: multiplyWgsl,
  bindings: { a: 'read', b: 'read', y: 'write' },
  constants: ['N', 'AREA', 'C'],
  half: ['a', 'b', 'y'],
  elements: c => c.N * c.AREA * c.C,
  reference: ({ a, b, y }, { AREA, C }) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i]! * b[Math.floor(i / (AREA * C)) * C + (i % C)]!
  },
})

/** sums [N C] = the sums of a b over AREA; b [N AREA C]. */
export const multiplySums = elementKernel({
  name: 'multiply-sums',
  source: multiplySumsWgsl,
  bindings: { a: 'read', b: 'read', sums: 'write' },
  constants: ['N', 'AREA', 'C'],
  half: ['a', 'b', 'sums'],
  elements: c => c.N * c.C,
  reference: ({ a, b, sums }, { AREA, C }) => {
    sums.fill(0)
    for (let i = 0; i < a.length; i++) sums[Math.floor(i / (AREA * C)) * C + (i % C)]! += a[i]! * b[i]!
  },
})
