// RMSprop (Tieleman and Hinton 2012) with optional momentum, as PyTorch defines it.

import { float } from '../kernels/kernel.ts'
import { rmspropKernel } from '../kernels/optim/rmsprop.ts'
import type { Optimizer } from './optimizer.ts'
import { checkOptions, recordUpdate, type CommonOptions } from './update.ts'

/** Options of `rmsprop`; `weightDecay` is added to the gradient (L2). */
export interface RmspropOptions extends CommonOptions {
  /** Share of the old mean square that stays at each step. */
  readonly alpha?: number
  readonly momentum?: number
  readonly epsilon?: number
}

/** RMSprop (Tieleman and Hinton 2012), as PyTorch defines it: s = alpha s + (1 - alpha) g g, b = momentum b + g /
 *  (sqrt(s) + epsilon), w -= rate b. Defaults: alpha 0.99, momentum 0, epsilon 1e-8, weightDecay 0. Throws CoreError
 *  'bad-argument'. */
export function rmsprop({
  alpha = 0.99,
  momentum = 0,
  epsilon = 1e-8,
  weightDecay = 0,
  clipNorm,
  ...others
}: RmspropOptions = {}): Optimizer {
  checkOptions('rmsprop', others, {
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
