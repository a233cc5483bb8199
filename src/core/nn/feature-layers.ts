// Finds two layers of a net from its description alone: the one whose input are the features of a photo, and the last
// one whose input still has places of the photo.
//
// Features are what the last dense layer reads. Where that is more than 4,096 numbers (a net without a hidden layer
// reads the photo itself) or where there is no dense layer, the logits are taken instead. The places are the results of
// the last layer with a convolution in it, after the norms and activations that follow and before any pool.

import type { LayerDescription } from './description.ts'

/** The index of the layer whose input are the features, in `layers`; -1 where there is none. */
export function featureLayer(layers: readonly LayerDescription[]): number {
  return layers.findLastIndex(({ type }) => type === 'dense')
}

export const maxFeatures = 4096

/** The index of the layer that reads the place values, in `layers`; -1 for a net without a convolution. */
export function featureMapLayer(layers: readonly LayerDescription[]): number {
  const last = layers.findLastIndex(layer => holdsLayer(layer, 'conv2d'))
  if (last < 0) return -1
  const after = layers.findIndex((layer, i) => i > last && !keepsPositions.has(layer.type))
  return after
}

const keepsPositions: ReadonlySet<LayerDescription['type']> = new Set([
  'batch-norm',
  'group-norm',
  'layer-norm',
  'relu',
  'leaky-relu',
  'gelu',
  'silu',
  'sigmoid',
  'tanh',
  'relu6',
  'hard-swish',
  'hard-sigmoid',
  'mark',
])

/** Whether the layer, or one inside it, is of this type. */
export function holdsLayer(layer: LayerDescription, type: LayerDescription['type']): boolean {
  const within = (layers: readonly LayerDescription[]) => layers.some(inner => holdsLayer(inner, type))
  if (layer.type === type) return true
  if (layer.type === 'residual') return within(layer.body) || within(layer.shortcut)
  if (layer.type === 'multiply') return within(layer.body)
  return layer.type === 'concat' && layer.branches.some(within)
}
