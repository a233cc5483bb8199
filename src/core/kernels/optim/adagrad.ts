// AdaGrad (Duchi et al. 2011), as PyTorch defines it.

import adagradWgsl from '../../../../shaders/optim/adagrad.wgsl?raw'
import { groupKernel } from '../kernel.ts'
import { eachParameter } from './blocks.ts'
import { itemPass } from '../wasm-form.ts'

export const adagradKernel = groupKernel({
  name: 'adagrad',
  source: adagradWgsl,
  bindings: { blocks: 'read u32', gradients: 'read', clip: 'read', values: 'update', squares: 'update' },
  constants: ['BLOCKS', 'EPSILON', 'DECAY'],
  step: true,
  items: c => c.BLOCKS,
  wasm: c => [itemPass('adagrad', c.BLOCKS, 512)],
  reference: ({ blocks, gradients, clip, values, squares }, { EPSILON, DECAY }, { rate }) => {
    eachParameter(blocks, gradients, clip, (i, partial, decays, factor) => {
      const gradient = partial + (decays ? DECAY * values[i]! : 0)
      squares[i]! += gradient * gradient
      values[i]! -= (rate * factor * gradient) / (Math.sqrt(squares[i]!) + EPSILON)
    })
  },
})
