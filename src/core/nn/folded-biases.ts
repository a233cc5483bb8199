// Takes needless biases out of weights. A convolution right before a batch norm needs no bias, because the norm
// subtracts the mean. Weights that have one (of an earlier version, or of other software) give the same answers without
// it when it is subtracted from the norm's running mean.

import type { BatchNormDescription, Conv2dDescription, LayerDescription, StateDict } from './description.ts'

/** `state` with the biases gone that `layers` have no place for: running mean less bias. What else is in it stays. */
export function withFoldedBiases(layers: readonly LayerDescription[], state: StateDict): StateDict {
  const folded = new Map(state)
  for (const [conv, norm] of normalised(layers)) {
    const [bias, mean] = [state.get(`${conv.name}.bias`), state.get(`${norm.name}.running_mean`)]
    if (conv.bias || !bias || !mean || bias.data.length !== mean.data.length) continue
    folded.delete(`${conv.name}.bias`)
    folded.set(`${norm.name}.running_mean`, { ...mean, data: mean.data.map((value, c) => value - bias.data[c]!) })
  }
  return folded
}

/** Convolutions with the batch norm that follows at once, blocks walked into. */
function normalised(layers: readonly LayerDescription[]): (readonly [Conv2dDescription, BatchNormDescription])[] {
  return layers.flatMap((layer, i) => {
    const next = layers[i + 1]
    if (layer.type === 'conv2d' && next?.type === 'batch-norm') return [[layer, next] as const]
    if (layer.type === 'residual') return [...normalised(layer.body), ...normalised(layer.shortcut)]
    if (layer.type === 'multiply') return normalised(layer.body)
    return layer.type === 'concat' ? layer.branches.flatMap(normalised) : []
  })
}
