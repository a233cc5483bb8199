// What every optimizer records: clipping, then one call over all parameters.

import { CoreError } from '../error.ts'
import { refuseOthers } from '../options.ts'
import type { Bindings, Constants, Kernel } from '../kernels/kernel.ts'
import type { Trace } from '../tensor/trace.ts'
import { clipping } from './clip.ts'
import { blockTable } from './optimizer.ts'

export interface CommonOptions {
  /** Weight decay; norms and biases are left alone. Default 0. */
  readonly weightDecay?: number
  /** The norm that all gradients together may have at most. Default: any. */
  readonly clipNorm?: number
}

/** What every kernel of an optimizer sees beside its moments. */
type UpdateBindings = 'blocks' | 'gradients' | 'clip' | 'values'

/** Records `kernel` with its moments by binding name; each is a state as long as the flat parameters. */
export function recordUpdate<B extends Bindings, C extends string>(
  trace: Trace,
  kernel: Kernel<B, C>,
  moments: { readonly [N in Exclude<keyof B, UpdateBindings>]: string },
  constants: Constants<Exclude<NoInfer<C>, 'BLOCKS'>>,
  clipNorm: number | undefined,
): void {
  const [blocks, gradients, values] = [blockTable(trace), trace.flat('gradient'), trace.flat('parameter')]
  const states = Object.fromEntries(
    Object.entries<string>(moments).map(([binding, name]) => [binding, trace.state(name, [values.size], 'f32')]),
  )
  const tensors = { blocks, gradients, clip: clipping(trace, clipNorm), values, ...states }
  const untyped: Kernel = kernel
  trace.call(untyped, tensors, { BLOCKS: blocks.shape[0]!, ...constants })
}

/** What a number of an optimizer may be; a share leaves something for the new. */
const ranges = {
  share: { holds: (value: number) => value >= 0 && value < 1, text: 'a number from 0 to below 1' },
  amount: { holds: (value: number) => value >= 0 && value < Infinity, text: 'a number of 0 or more' },
  limit: { holds: (value: number) => value > 0 && value < Infinity, text: 'a number above 0' },
} as const

/** Throws CoreError 'bad-argument' naming the first option of `optimizer` that it does not have (one of `others`) or
 *  that cannot be; what is left out may be. */
export function checkOptions(
  optimizer: string,
  others: object,
  options: Readonly<Record<string, readonly [value: number | undefined, kind: keyof typeof ranges]>>,
): void {
  refuseOthers(optimizer, others, [...Object.keys(options), ...(optimizer === 'sgd' ? ['nesterov'] : [])])
  for (const [name, [value, kind]] of Object.entries(options)) {
    if (value === undefined || ranges[kind].holds(value)) continue
    throw new CoreError('bad-argument', `${name} of ${optimizer} is ${value}.`, `Give ${ranges[kind].text}.`)
  }
}
