// A running average of the weights beside the weights (Polyak and Juditsky 1992; the exponential form). It is kept as one more moment,
// so checkpoints hold it and a resume goes on with it.

import averageWgsl from '../../../shaders/average-weights.wgsl?raw'
import { float, kernel, perElement } from '../gpu/kernel.ts'
import type { Store } from '../tensor/store.ts'
import type { Optimizer } from './optimizer.ts'

const averageState = 'optimizer.average'

/** `optimizer`, and after each of its updates average = decay average + (1 - decay) weights; the first update copies the weights. */
export function averaged(optimizer: Optimizer, decay = 0.999): Optimizer {
  return {
    ...optimizer,
    moments: [...optimizer.moments, averageState],
    update(trace) {
      optimizer.update(trace)
      const values = trace.flat('parameter')
      const average = trace.state(averageState, [values.size], 'f32')
      trace.call(averageKernel, { values, average }, { LENGTH: values.size, REST: float(1 - decay) })
    },
  }
}

/** The averaged parameters by name, in core's layout. Throws CoreError 'bad-argument' where the optimizer keeps no average. */
export async function readAverage(store: Store): Promise<ReadonlyMap<string, Float32Array<ArrayBuffer>>> {
  const flat = await store.read(averageState)
  const parameters = [...store.names()].filter(([, { role }]) => role === 'parameter')
  return new Map(parameters.map(([name, { offset, size }]) => [name, flat.slice(offset, offset + size)]))
}

export const averageKernel = kernel({
  name: 'average-weights',
  source: averageWgsl,
  bindings: { values: 'read', average: 'update' },
  step: true,
  grid: c => perElement(c.LENGTH!),
  twin: ({ values, average }, { REST }, { step }) => {
    for (let i = 0; i < values.length; i++) average[i] = step === 0 ? values[i] : average[i] + REST! * (values[i] - average[i])
  },
})
