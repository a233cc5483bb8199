// Stochastic gradient descent, with momentum and Nesterov's form of it, as PyTorch defines them.

import sgdWgsl from '../../../shaders/optim/sgd.wgsl?raw'
import { float, groupKernel } from '../kernels/kernel.ts'
import { eachParameter, type Optimizer } from './optimizer.ts'
import { checkOptions, recordUpdate, type CommonOptions } from './update.ts'

/** `weightDecay` is added to the gradient (L2). */
export interface SgdOptions extends CommonOptions {
  readonly momentum?: number
  readonly nesterov?: boolean
}

export function sgd({ momentum = 0, nesterov = false, weightDecay = 0, clipNorm }: SgdOptions = {}): Optimizer {
  checkOptions('sgd', {
    momentum: [momentum, 'share'],
    weightDecay: [weightDecay, 'amount'],
    clipNorm: [clipNorm, 'limit'],
  })
  const constants = { MOMENTUM: float(momentum), DECAY: float(weightDecay), NESTEROV: nesterov ? 1 : 0 }
  return {
    name: 'sgd',
    moments: ['optimizer.velocity'],
    betas: [0, 0],
    update: trace => recordUpdate(trace, sgdKernel, { velocity: 'optimizer.velocity' }, constants, clipNorm),
  }
}

export const sgdKernel = groupKernel({
  name: 'sgd',
  source: sgdWgsl,
  bindings: { blocks: 'read', gradients: 'read', clip: 'read', values: 'update', velocity: 'update' },
  step: true,
  items: c => c.BLOCKS!,
  reference: ({ blocks, gradients, clip, values, velocity }, { MOMENTUM, DECAY, NESTEROV }, { rate }) => {
    eachParameter(blocks, gradients, clip, (i, partial, decays, factor) => {
      const gradient = partial + (decays ? DECAY! * values[i] : 0)
      velocity[i] = MOMENTUM! * velocity[i] + gradient
      values[i] -= rate * factor * (NESTEROV === 1 ? gradient + MOMENTUM! * velocity[i] : velocity[i])
    })
  },
})
