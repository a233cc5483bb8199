// RMSprop (Tieleman and Hinton 2012) with optional momentum, as PyTorch defines it.

import rmspropWgsl from '../../../../shaders/optim/rmsprop.wgsl?raw'
import { groupKernel } from '../kernel.ts'
import { eachParameter } from './blocks.ts'
import { itemPass } from '../wasm-form.ts'

export const rmspropKernel = groupKernel({
  name: 'rmsprop',
  source: rmspropWgsl,
  bindings: {
    blocks: 'read u32',
    gradients: 'read',
    clip: 'read',
    values: 'update',
    squares: 'update',
    velocity: 'update',
  },
  constants: ['BLOCKS', 'ALPHA', 'REST', 'MOMENTUM', 'EPSILON', 'DECAY'],
  step: true,
  items: c => c.BLOCKS,
  wasm: c => [itemPass('rmsprop', c.BLOCKS, 512)],
  reference: (
    { blocks, gradients, clip, values, squares, velocity },
    { ALPHA, REST, MOMENTUM, EPSILON, DECAY },
    { rate },
  ) => {
    eachParameter(blocks, gradients, clip, (i, partial, decays, factor) => {
      const gradient = partial + (decays ? DECAY * values[i]! : 0)
      squares[i] = ALPHA * squares[i]! + REST * gradient * gradient
      velocity[i] = MOMENTUM * velocity[i]! + gradient / (Math.sqrt(squares[i]!) + EPSILON)
      values[i]! -= rate * factor * velocity[i]!
    })
  },
})
