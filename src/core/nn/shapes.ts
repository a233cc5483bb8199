// The shapes of a net's tensors as a state dict has them, found by a trace without computing anything.

import { Trace } from '../tensor/trace.ts'
import { forward } from './build.ts'
import type { ModelDescription } from './description.ts'
import { torchShape } from './state-dict.ts'

/** Parameters and running statistics by name. Throws CoreError where the layers do not fit. */
export function stateShapes(model: ModelDescription): ReadonlyMap<string, readonly number[]> {
  const { height, width, channels } = model.input
  const trace = new Trace({ training: false })
  forward(model, trace.tensor([1, height, width, channels]))
  const statistics = [...trace.states].filter(([name]) => /\.running_(mean|var)$/.test(name))
  return new Map(
    [...trace.parameters, ...statistics].map(([name, { tensor }]) => [name, torchShape(name, tensor.shape)]),
  )
}
