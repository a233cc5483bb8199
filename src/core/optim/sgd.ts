// Stochastic gradient descent, with momentum and Nesterov's form of it, as PyTorch defines them.

import sgdWgsl from '../../../shaders/sgd.wgsl?raw'
import { float, kernel, perGroup } from '../gpu/kernel.ts'
import { blockTable, eachParameter, type Optimizer } from './optimizer.ts'

export interface SgdOptions {
  readonly momentum?: number
  readonly nesterov?: boolean
  /** Added to the gradient (L2); norms and biases are left alone. */
  readonly decay?: number
}

export function sgd({ momentum = 0, nesterov = false, decay = 0 }: SgdOptions = {}): Optimizer {
  return {
    name: 'sgd',
    moments: ['optimizer.velocity'],
    betas: [0, 0],
    update(trace) {
      const [blocks, gradients, values] = [blockTable(trace), trace.flat('gradient'), trace.flat('parameter')]
      const velocity = trace.state('optimizer.velocity', [values.size], 'f32')
      const constants = { BLOCKS: blocks.shape[0]!, MOMENTUM: float(momentum), DECAY: float(decay), NESTEROV: nesterov ? 1 : 0 }
      trace.call(sgdKernel, { blocks, gradients, values, velocity }, constants)
    },
  }
}

export const sgdKernel = kernel({
  name: 'sgd',
  source: sgdWgsl,
  bindings: { blocks: 'read', gradients: 'read', values: 'update', velocity: 'update' },
  step: true,
  grid: c => perGroup(c.BLOCKS!),
  twin: ({ blocks, gradients, values, velocity }, { MOMENTUM, DECAY, NESTEROV }, { rate }) => {
    eachParameter(blocks, gradients, (i, partial, decays) => {
      const gradient = partial + (decays ? DECAY! * values[i] : 0)
      velocity[i] = MOMENTUM! * velocity[i] + gradient
      values[i] -= rate * (NESTEROV === 1 ? gradient + MOMENTUM! * velocity[i] : velocity[i])
    })
  },
})
