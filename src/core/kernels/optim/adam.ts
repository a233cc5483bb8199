// Adam (Kingma and Ba 2015, arXiv 1412.6980); with DECAY above 0 AdamW (arXiv 1711.05101). REST1 and REST2 are 1 - beta,
// which taken in f32 would be off by 5e-5 for 0.999.

import adamWgsl from '../../../../shaders/optim/adam.wgsl?raw'
import { groupKernel } from '../kernel.ts'
import { eachParameter } from './blocks.ts'
import { itemPass } from '../wasm-form.ts'

export const adamKernel = groupKernel({
  name: 'adam',
  source: adamWgsl,
  bindings: { blocks: 'read u32', gradients: 'read', clip: 'read', values: 'update', m: 'update', v: 'update' },
  constants: ['BLOCKS', 'BETA1', 'REST1', 'BETA2', 'REST2', 'EPSILON', 'DECAY'],
  step: true,
  items: c => c.BLOCKS,
  wasm: c => [itemPass('adam', c.BLOCKS, 512)],
  reference: (
    { blocks, gradients, clip, values, m, v },
    { BETA1, REST1, BETA2, REST2, EPSILON, DECAY },
    { rate, correction1, correction2 },
  ) => {
    eachParameter(blocks, gradients, clip, (i, gradient, decays, factor) => {
      m[i] = BETA1 * m[i]! + REST1 * gradient
      v[i] = BETA2 * v[i]! + REST2 * gradient * gradient
      const decayed = values[i]! * (1 - (decays ? rate * factor * DECAY : 0))
      values[i] = decayed - (rate * factor * (m[i]! / correction1)) / (Math.sqrt(v[i]! / correction2) + EPSILON)
    })
  },
})
