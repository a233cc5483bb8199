// Stochastic gradient descent, with momentum and Nesterov's form of it, as PyTorch defines them.

import sgdWgsl from '../../../../shaders/optim/sgd.wgsl?raw'
import { groupKernel } from '../kernel.ts'
import { eachParameter } from './blocks.ts'
import { itemPass } from '../wasm-form.ts'

export const sgdKernel = groupKernel({
  name: 'sgd',
  source: sgdWgsl,
  bindings: { blocks: 'read u32', gradients: 'read', clip: 'read', values: 'update', velocity: 'update' },
  constants: ['BLOCKS', 'MOMENTUM', 'DECAY', 'NESTEROV'],
  step: true,
  items: c => c.BLOCKS,
  wasm: c => [itemPass('sgd', c.BLOCKS, 512)],
  reference: ({ blocks, gradients, clip, values, velocity }, { MOMENTUM, DECAY, NESTEROV }, { rate }) => {
    eachParameter(blocks, gradients, clip, (i, partial, decays, factor) => {
      const gradient = partial + (decays ? DECAY * values[i]! : 0)
      velocity[i] = MOMENTUM * velocity[i]! + gradient
      values[i]! -= rate * factor * (NESTEROV === 1 ? gradient + MOMENTUM * velocity[i]! : velocity[i]!)
    })
  },
})
