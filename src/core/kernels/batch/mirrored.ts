// A batch with its mirror images beside it, and the mean of what a net makes of both.

import meanOfHalvesWgsl from '../../../../shaders/batch/mean-of-halves.wgsl?raw'
import withMirroredWgsl from '../../../../shaders/batch/with-mirrored.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { itemPass } from '../wasm-form.ts'

/** x [N H W C] -> y [2N H W C] */
export const withMirroredKernel = elementKernel({
  name: 'with-mirrored',
  source: withMirroredWgsl,
  bindings: { x: 'read', y: 'write' },
  constants: ['LENGTH', 'W', 'C'],
  elements: c => c.LENGTH,
  wasm: c => [itemPass('withMirrored', c.LENGTH / (c.W * c.C), c.W * c.C)],
  reference: ({ x, y }, { LENGTH, W, C }) => {
    for (let i = 0; i < LENGTH; i++) {
      const column = Math.floor(i / C) % W
      y[i] = x[i]!
      y[LENGTH + i + (W - 1 - 2 * column) * C] = x[i]!
    }
  },
})

/** x [2N ...] -> y [N ...] */
export const meanOfHalvesKernel = elementKernel({
  name: 'mean-of-halves',
  source: meanOfHalvesWgsl,
  bindings: { x: 'read', y: 'write' },
  constants: ['LENGTH'],
  elements: c => c.LENGTH,
  wasm: c => [itemPass('meanOfHalves', c.LENGTH, 1)],
  reference: ({ x, y }, { LENGTH }) => {
    for (let i = 0; i < LENGTH; i++) y[i] = (x[i]! + x[LENGTH + i]!) / 2
  },
})
