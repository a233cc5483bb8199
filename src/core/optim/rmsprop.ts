// RMSprop (Tieleman and Hinton 2012) with optional momentum, as PyTorch defines it.

import rmspropWgsl from '../../../shaders/optim/rmsprop.wgsl?raw'
import { float, groupKernel } from '../kernels/kernel.ts'
import { eachParameter, type Optimizer } from './optimizer.ts'
import { checkOptions, recordUpdate, type CommonOptions } from './update.ts'

export interface RmspropOptions extends CommonOptions {
  /** Share of the old mean square that stays at each step. */
  readonly alpha?: number
  readonly momentum?: number
  readonly epsilon?: number
}

export function rmsprop({
  alpha = 0.99,
  momentum = 0,
  epsilon = 1e-8,
  weightDecay = 0,
  clipNorm,
}: RmspropOptions = {}): Optimizer {
  checkOptions('rmsprop', {
    alpha: [alpha, 'share'],
    momentum: [momentum, 'share'],
    epsilon: [epsilon, 'amount'],
    weightDecay: [weightDecay, 'amount'],
    clipNorm: [clipNorm, 'limit'],
  })
  const constants = {
    ALPHA: float(alpha),
    REST: float(1 - alpha),
    MOMENTUM: float(momentum),
    EPSILON: float(epsilon),
    DECAY: float(weightDecay),
  }
  return {
    name: 'rmsprop',
    moments: ['optimizer.squares', 'optimizer.velocity'],
    betas: [0, 0],
    update: trace =>
      recordUpdate(
        trace,
        rmspropKernel,
        { squares: 'optimizer.squares', velocity: 'optimizer.velocity' },
        constants,
        clipNorm,
      ),
  }
}

export const rmspropKernel = groupKernel({
  name: 'rmsprop',
  source: rmspropWgsl,
  bindings: {
    blocks: 'read',
    gradients: 'read',
    clip: 'read',
    values: 'update',
    squares: 'update',
    velocity: 'update',
  },
  step: true,
  items: c => c.BLOCKS!,
  reference: (
    { blocks, gradients, clip, values, squares, velocity },
    { ALPHA, REST, MOMENTUM, EPSILON, DECAY },
    { rate },
  ) => {
    eachParameter(blocks, gradients, clip, (i, partial, decays, factor) => {
      const gradient = partial + (decays ? DECAY! * values[i] : 0)
      squares[i] = ALPHA! * squares[i] + REST! * gradient * gradient
      velocity[i] = MOMENTUM! * velocity[i] + gradient / (Math.sqrt(squares[i]) + EPSILON!)
      values[i] -= rate * factor * velocity[i]
    })
  },
})
