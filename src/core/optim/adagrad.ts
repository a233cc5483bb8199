// AdaGrad (Duchi et al. 2011), as PyTorch defines it.

import { float } from '../kernels/kernel.ts'
import { adagradKernel } from '../kernels/optim/adagrad.ts'
import type { Optimizer } from './optimizer.ts'
import { checkOptions, recordUpdate, type CommonOptions } from './update.ts'

/** Options of `adagrad`; `weightDecay` is added to the gradient (L2). */
export interface AdagradOptions extends CommonOptions {
  readonly epsilon?: number
}

/** AdaGrad (Duchi et al. 2011), as PyTorch defines it: s += g g, w -= rate g / (sqrt(s) + epsilon). Defaults:
 *  epsilon 1e-10, weightDecay 0. Throws CoreError 'bad-argument'. */
export function adagrad({ epsilon = 1e-10, weightDecay = 0, clipNorm, ...others }: AdagradOptions = {}): Optimizer {
  checkOptions('adagrad', others, {
    epsilon: [epsilon, 'amount'],
    weightDecay: [weightDecay, 'amount'],
    clipNorm: [clipNorm, 'limit'],
  })
  return {
    name: 'adagrad',
    moments: ['optimizer.squares'],
    betas: [0, 0],
    update: trace =>
      recordUpdate(
        trace,
        adagradKernel,
        { squares: 'optimizer.squares' },
        { EPSILON: float(epsilon), DECAY: float(weightDecay) },
        clipNorm,
      ),
  }
}
