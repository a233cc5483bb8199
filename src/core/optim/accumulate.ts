// Gradient accumulation: a batch that does not fit into memory is learnt in parts, each part adds its gradients to a
// total, and one update follows. The result is that of the whole batch, with two differences: batch norm sees the
// statistics of a part, and class weights are shares of a part's own sum.

import { accumulateKernel } from '../kernels/optim/accumulate.ts'
import { Trace } from '../tensor/trace.ts'
import { isStatistic } from './ema.ts'
import { blockTable } from './optimizer.ts'

/** Records, after `trace.backward`, the adding up of `parts` parts. The step value `step` counts parts from the batch's
 *  first on. */
export function accumulateGradients(trace: Trace, parts: number): void {
  const blocks = blockTable(trace, 'gradients.blocks')
  const total = trace.state('gradients.total', [trace.parameterElements], 'f32')
  trace.call(
    accumulateKernel,
    { blocks, gradients: trace.flat('gradient'), total },
    { BLOCKS: blocks.shape[0]!, PARTS: parts },
  )
}

/** A trace for the update alone, whose gradients are the totals of `trace`. */
export function traceOfTotals(trace: Trace): Trace {
  const update = new Trace({ training: true, half: trace.half })
  update.parameterElements = trace.parameterElements
  for (const [name, info] of trace.parameters) update.parameters.set(name, info)
  const total = update.state('gradients.total', [trace.parameterElements], 'f32')
  for (const [name, { tensor }] of trace.parameters) {
    if (trace.gradients.has(name))
      update.gradients.set(name, { ...total, shape: [1, tensor.size], size: tensor.size, offset: tensor.offset })
  }
  for (const [name, state] of trace.states) if (isStatistic(name)) update.states.set(name, state)
  update.accumulated = total
  return update
}
