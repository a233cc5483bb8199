// Adds the gradients of one part of a batch to the total; the step value `step` counts the parts.

import accumulateWgsl from '../../../../shaders/optim/accumulate-gradients.wgsl?raw'
import { groupKernel } from '../kernel.ts'
import { eachParameter } from './blocks.ts'
import { itemPass } from '../wasm-form.ts'

export const accumulateKernel = groupKernel({
  name: 'accumulate-gradients',
  source: accumulateWgsl,
  bindings: { blocks: 'read u32', gradients: 'read', total: 'update' },
  constants: ['BLOCKS', 'PARTS'],
  step: true,
  items: c => c.BLOCKS,
  wasm: c => [itemPass('accumulateGradients', c.BLOCKS, 256)],
  reference: ({ blocks, gradients, total }, { PARTS }, { step }) => {
    eachParameter(blocks, gradients, [1], (i, gradient) => {
      total[i] = (step % PARTS === 0 ? 0 : total[i]!) + gradient / PARTS
    })
  },
})
