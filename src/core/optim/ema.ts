// A running average of the weights (Polyak and Juditsky 1992; the exponential form) and of batch norm's running
// statistics, which belong to them. The averages are states of the optimizer, so checkpoints hold them and a resume
// goes on with them. In the first steps the decay is smaller, (1 + step) / (10 + step), so that the random first
// weights do not remain in the average of a short run.

import type { Device } from '../device.ts'
import { float } from '../kernels/kernel.ts'
import { averageKernel, exchangeKernel } from '../kernels/optim/average.ts'
import { compile, type Plan } from '../tensor/plan.ts'
import type { Store } from '../tensor/store.ts'
import { type Tensor, Trace } from '../tensor/trace.ts'
import type { Optimizer } from './optimizer.ts'
import { checkOptions } from './update.ts'

const averageState = 'optimizer.average'
const statisticSuffix = '.average'

/** `optimizer`, and after each of its updates average = d average + (1 - d) weights, d growing to `emaDecay`; the first
 *  update copies. */
export function withEma(optimizer: Optimizer, emaDecay = 0.999): Optimizer {
  checkOptions('withEma', {}, { emaDecay: [emaDecay, 'share'] })
  return {
    ...optimizer,
    averages: true,
    moments: [...optimizer.moments, averageState],
    update(trace) {
      optimizer.update(trace)
      for (const { live, average } of averagePairs(trace)) {
        trace.call(
          averageKernel,
          { values: live, average },
          { LENGTH: live.size, DECAY: float(emaDecay), REST: float(1 - emaDecay) },
        )
      }
    },
  }
}

/** What is averaged beside where the average lies. */
function averagePairs(trace: Trace): { readonly live: Tensor; readonly average: Tensor }[] {
  const values = trace.flat('parameter')
  const statistics = [...trace.states.values()].map(({ tensor }) => tensor).filter(({ name }) => isStatistic(name))
  return [
    { live: values, average: trace.state(averageState, [values.size], 'f32') },
    ...statistics.map(live => ({ live, average: trace.state(live.name + statisticSuffix, live.shape, 'f32') })),
  ]
}

/** Running statistics of a layer, not their averages. */
export function isStatistic(name: string): boolean {
  return /\.running_(mean|var)$/.test(name)
}

/** The average of the weights, or that of a running statistic. */
export function isAverage(name: string): boolean {
  return name.endsWith(statisticSuffix)
}

/** Names of the states of `store` that hold averages of statistics: more moments, which depend on the model. */
export function averagedStatistics(store: Store): string[] {
  return [...store.names().keys()].filter(name => isAverage(name) && name !== averageState)
}

/** A plan that exchanges the weights and statistics of `store` with their averages; run again, it puts them back.
 *  Exact: it only moves bits. */
export async function compileExchange(device: Device, store: Store): Promise<Plan> {
  const trace = new Trace({ training: false })
  for (const [name, tensor] of store.names()) {
    if (tensor.role === 'parameter') trace.parameter(name, tensor.shape, () => {}, { decay: false })
    else if (isStatistic(name)) trace.state(name, tensor.shape, 'f32')
  }
  for (const { live, average } of averagePairs(trace))
    trace.call(exchangeKernel, { a: live, b: average }, { LENGTH: live.size })
  return compile(device, trace, store)
}
