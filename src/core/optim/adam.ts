// Adam (Kingma and Ba 2015, arXiv 1412.6980) and AdamW, its form with decoupled weight decay (arXiv 1711.05101).

import { float } from '../kernels/kernel.ts'
import { adamKernel } from '../kernels/optim/adam.ts'
import type { Optimizer } from './optimizer.ts'
import { checkOptions, recordUpdate, type CommonOptions } from './update.ts'

/** Options of `adam`; `weightDecay` is decoupled weight decay: above 0 this is AdamW. */
export interface AdamOptions extends CommonOptions {
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
}

/** Adam (Kingma and Ba 2015, arXiv 1412.6980): m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g g, w -= rate
 *  m' / (sqrt(v') + epsilon) with m' and v' corrected for their beginning at 0. With weightDecay above 0 it is AdamW
 *  (Loshchilov and Hutter 2019, arXiv 1711.05101): w -= rate weightDecay w before. Defaults 0.9, 0.999, 1e-8, 0.
 *  Throws CoreError 'bad-argument'. */
export function adam({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = 0,
  clipNorm,
  ...others
}: AdamOptions = {}): Optimizer {
  checkOptions('adam', others, {
    beta1: [beta1, 'share'],
    beta2: [beta2, 'share'],
    epsilon: [epsilon, 'amount'],
    weightDecay: [weightDecay, 'amount'],
    clipNorm: [clipNorm, 'limit'],
  })
  // 1 - beta is a constant of its own: taken in f32 it would be off by 5e-5 for 0.999.
  const constants = {
    BETA1: float(beta1),
    REST1: float(1 - beta1),
    BETA2: float(beta2),
    REST2: float(1 - beta2),
    EPSILON: float(epsilon),
    DECAY: float(weightDecay),
  }
  return {
    name: weightDecay > 0 ? 'adamw' : 'adam',
    moments: ['optimizer.m', 'optimizer.v'],
    betas: [beta1, beta2],
    update: trace => recordUpdate(trace, adamKernel, { m: 'optimizer.m', v: 'optimizer.v' }, constants, clipNorm),
  }
}
