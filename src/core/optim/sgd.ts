// Stochastic gradient descent, with momentum and Nesterov's form of it, as PyTorch defines them.

import { float } from '../kernels/kernel.ts'
import { sgdKernel } from '../kernels/optim/sgd.ts'
import type { Optimizer } from './optimizer.ts'
import { checkOptions, recordUpdate, type CommonOptions } from './update.ts'

/** Options of `sgd`; `weightDecay` is added to the gradient (L2). */
export interface SgdOptions extends CommonOptions {
  readonly momentum?: number
  readonly nesterov?: boolean
}

/** Stochastic gradient descent, as PyTorch defines it: b = momentum b + g, w -= rate b, or with nesterov w -= rate
 *  (g + momentum b). Defaults: momentum 0, weightDecay 0. Throws CoreError 'bad-argument'. */
export function sgd({
  momentum = 0,
  nesterov = false,
  weightDecay = 0,
  clipNorm,
  ...others
}: SgdOptions = {}): Optimizer {
  checkOptions('sgd', others, {
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
