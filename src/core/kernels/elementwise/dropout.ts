// Zeroes each value with probability RATE and scales the rest by SCALE = 1 / (1 - RATE). The mask is never stored:
// forward and backward draw the same counter-based numbers, one block of four for four values.

import dropoutWgsl from '../../../../shaders/elementwise/dropout.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { philox, unit } from '../philox.ts'
import { elementPass } from '../wasm-form.ts'

export const dropoutKernel = elementKernel({
  name: 'dropout',
  source: dropoutWgsl,
  bindings: { x: 'read', y: 'write' },
  constants: ['LENGTH', 'LAYER', 'STREAM', 'RATE', 'SCALE'],
  half: ['x', 'y'],
  step: true,
  elements: c => Math.ceil(c.LENGTH / 4),
  wasm: c => [elementPass('dropout', c.LENGTH, 'x', 'y')],
  reference: ({ x, y }, { LENGTH, LAYER, STREAM, RATE, SCALE }, { step, seed }) => {
    const rate = Math.fround(RATE)
    for (let i = 0; i < LENGTH; i += 4) {
      const bits = philox(i / 4, LAYER, step, 0, seed, STREAM)
      for (let j = 0; j < 4 && i + j < LENGTH; j++) y[i + j] = unit(bits[j]!) >= rate ? x[i + j]! * SCALE : 0
    }
  },
})
