// AdaGrad (Duchi et al. 2011), as PyTorch defines it.

import adagradWgsl from '../../../shaders/optim/adagrad.wgsl?raw'
import { float, groupKernel } from '../kernels/kernel.ts'
import { eachParameter, type Optimizer } from './optimizer.ts'
import { checkOptions, recordUpdate, type CommonOptions } from './update.ts'

export interface AdagradOptions extends CommonOptions {
  readonly epsilon?: number
}

export function adagrad({ epsilon = 1e-10, weightDecay = 0, clipNorm }: AdagradOptions = {}): Optimizer {
  checkOptions('adagrad', {
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

export const adagradKernel = groupKernel({
  name: 'adagrad',
  source: adagradWgsl,
  bindings: { blocks: 'read', gradients: 'read', clip: 'read', values: 'update', squares: 'update' },
  step: true,
  items: c => c.BLOCKS!,
  reference: ({ blocks, gradients, clip, values, squares }, { EPSILON, DECAY }, { rate }) => {
    eachParameter(blocks, gradients, clip, (i, partial, decays, factor) => {
      const gradient = partial + (decays ? DECAY! * values[i] : 0)
      squares[i] += gradient * gradient
      values[i] -= (rate * factor * gradient) / (Math.sqrt(squares[i]) + EPSILON!)
    })
  },
})
