// One branch of a concat: its channels written to, and their gradient read from, places FIRST .. FIRST + C - 1 of TOTAL.

import readWgsl from '../../../../shaders/elementwise/concat-read.wgsl?raw'
import writeWgsl from '../../../../shaders/elementwise/concat-write.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { itemPass } from '../wasm-form.ts'

export const concatWrite = elementKernel({
  name: 'concat-write',
  source: writeWgsl,
  bindings: { x: 'read', y: 'update' },
  constants: ['LENGTH', 'C', 'TOTAL', 'FIRST'],
  half: ['x', 'y'],
  elements: c => c.LENGTH,
  wasm: c => [itemPass('concatWrite', c.LENGTH / c.C, c.C, { at: { part: 'x', whole: 'y' } })],
  reference: ({ x, y }, { C, TOTAL, FIRST }) => {
    for (let i = 0; i < x.length; i++) y[Math.floor(i / C) * TOTAL + FIRST + (i % C)] = x[i]!
  },
})

export const concatRead = elementKernel({
  name: 'concat-read',
  source: readWgsl,
  bindings: { dy: 'read', dx: 'write' },
  constants: ['LENGTH', 'C', 'TOTAL', 'FIRST'],
  half: ['dy', 'dx'],
  elements: c => c.LENGTH,
  wasm: c => [itemPass('concatRead', c.LENGTH / c.C, c.C, { at: { part: 'dx', whole: 'dy' } })],
  reference: ({ dy, dx }, { C, TOTAL, FIRST }) => {
    for (let i = 0; i < dx.length; i++) dx[i] = dy[Math.floor(i / C) * TOTAL + FIRST + (i % C)]!
  },
})
