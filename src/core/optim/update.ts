// What every optimizer does when it is traced: clip, then one call over all parameters.

import type { Constants, Kernel } from '../gpu/kernel.ts'
import type { Trace } from '../tensor/trace.ts'
import { clipping } from './clip.ts'
import { blockTable } from './optimizer.ts'

export interface CommonOptions {
  /** Weight decay; norms and biases are left alone. Default 0. */
  readonly decay?: number
  /** The norm that all gradients together may have at most. Default: any. */
  readonly clip?: number
}

/** Records `kernel` with its moments by binding name; each is a state as long as the flat parameters. */
export function recordUpdate(trace: Trace, kernel: Kernel, moments: Readonly<Record<string, string>>, constants: Constants, clip: number | undefined): void {
  const [blocks, gradients, values] = [blockTable(trace), trace.flat('gradient'), trace.flat('parameter')]
  const states = Object.entries(moments).map(([binding, name]) => [binding, trace.state(name, [values.size], 'f32')])
  const tensors = { blocks, gradients, clip: clipping(trace, clip), values, ...Object.fromEntries(states) }
  trace.call(kernel, tensors, { BLOCKS: blocks.shape[0]!, ...constants })
}
