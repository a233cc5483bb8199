// An optimizer records one kernel call over all parameters: it adds up the partial gradients in a fixed order and moves
// the values. The table of blocks says, for every 64 parameters, where their partial gradients lie.

import { flatAlignment } from '../kernels/optim/blocks.ts'
import type { Tensor, Trace } from '../tensor/trace.ts'

/** How gradients become updates: a few kernels over all parameters at once, recorded after `Trace.backward`. */
export interface Optimizer {
  readonly name: string
  /** Names of the states it keeps, each as long as the flat parameters; checkpoints hold them. */
  readonly moments: readonly string[]
  /** Adam's decay rates for the bias correction in the step values; [0, 0] where there is none. */
  readonly betas: readonly [number, number]
  /** True where it keeps averaged weights (ema.ts): these are then measured and handed out. */
  readonly averages?: boolean
  /** Records the update. Call it once, after `trace.backward`. */
  update(trace: Trace): void
}

/** The state `name` [blocks 4]: first gradient, stride, partial sums (0: no gradient), and as bits of an f32 the factor
 *  of the rate, negative where weight decay leaves the block alone. */
export function blockTable(trace: Trace, name = 'optimizer.blocks'): Tensor {
  const blocks = trace.parameterElements / flatAlignment
  return trace.state(name, [blocks, 4], 'u32', values => {
    for (const [name, { tensor, decay, rate }] of trace.parameters) {
      const gradient = trace.gradients.get(name)
      const first = tensor.offset / flatAlignment
      for (let block = 0; block * flatAlignment < tensor.size; block++) {
        const row = gradient
          ? [
              gradient.offset + block * flatAlignment,
              gradient.shape[1]!,
              gradient.shape[0]!,
              bitsOf(decay ? rate : -rate),
            ]
          : [0, 0, 0, 0]
        values.set(row, (first + block) * 4)
      }
    }
  })
}

function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!
}
