// Adam (Kingma and Ba 2015, arXiv 1412.6980) and AdamW, its form with decoupled weight decay (arXiv 1711.05101).

import adamWgsl from '../../../shaders/adam.wgsl?raw'
import { float, kernel, perGroup } from '../gpu/kernel.ts'
import { blockTable, eachParameter, type Optimizer } from './optimizer.ts'

export interface AdamOptions {
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  /** Decoupled weight decay; norms and biases are left alone. 0 is plain Adam. */
  readonly decay?: number
}

export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0 }: AdamOptions = {}): Optimizer {
  return {
    name: decay > 0 ? 'adamw' : 'adam',
    moments: ['optimizer.m', 'optimizer.v'],
    betas: [beta1, beta2],
    update(trace) {
      const [blocks, gradients, values] = [blockTable(trace), trace.flat('gradient'), trace.flat('parameter')]
      const m = trace.state('optimizer.m', [values.size], 'f32')
      const v = trace.state('optimizer.v', [values.size], 'f32')
      const constants = { BLOCKS: blocks.shape[0]!, BETA1: float(beta1), BETA2: float(beta2), EPSILON: float(epsilon), DECAY: float(decay) }
      trace.call(adamKernel, { blocks, gradients, values, m, v }, constants)
    },
  }
}

export const adamKernel = kernel({
  name: 'adam',
  source: adamWgsl,
  bindings: { blocks: 'read', gradients: 'read', values: 'update', m: 'update', v: 'update' },
  step: true,
  grid: c => perGroup(c.BLOCKS!),
  twin: ({ blocks, gradients, values, m, v }, { BETA1, BETA2, EPSILON, DECAY }, { rate, correction1, correction2 }) => {
    eachParameter(blocks, gradients, (i, gradient, decays) => {
      m[i] = BETA1! * m[i] + (1 - BETA1!) * gradient
      v[i] = BETA2! * v[i] + (1 - BETA2!) * gradient * gradient
      const decayed = values[i] * (1 - (decays ? rate * DECAY! : 0))
      values[i] = decayed - (rate * (m[i] / correction1)) / (Math.sqrt(v[i] / correction2) + EPSILON!)
    })
  },
})
