// Nets that only the benchmark trains.

import type { LayerDescription, ModelDescription } from '../../../src/core/nn/description.ts'

/** The same net with a batch norm after each convolution, named after it: conv3 has bn3. */
export function withBatchNorm(model: ModelDescription): ModelDescription {
  return {
    ...model,
    layers: model.layers.flatMap(layer => (layer.type === 'conv2d' ? [layer, normAfter(layer.name)] : [layer])),
  }
}

/** Every framework draws other random numbers, so losses can only agree without dropout. */
export function withoutDropout(model: ModelDescription): ModelDescription {
  return { ...model, layers: model.layers.filter(({ type }) => type !== 'dropout') }
}

function normAfter(convolution: string): LayerDescription {
  return { type: 'batch-norm', name: convolution.replace('conv', 'bn'), epsilon: 1e-5, momentum: 0.1 }
}
