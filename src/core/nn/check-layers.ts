// Layers written by hand are looked at before anything is built of them: every layer with weights has a name of its own, and blocks end somewhere.

import { CoreError } from '../error.ts'
import type { LayerDescription, ModelDescription } from './description.ts'

/** Blocks inside blocks: no net that is known comes near it. */
export const maxDepth = 64

/** Throws CoreError 'bad-model' naming the layer. */
export function checkLayers({ layers }: Pick<ModelDescription, 'layers'>): void {
  const names = new Set<string>()
  walk(layers, 0, name => {
    if (name === '') throw new CoreError('bad-model', 'A layer with weights has an empty name.', 'Give each layer its own name.')
    if (names.has(name)) throw new CoreError('bad-model', `Two layers have the name ${name}.`, 'Give each layer its own name.')
    names.add(name)
  })
}

function walk(layers: readonly LayerDescription[], depth: number, visit: (name: string) => void): void {
  if (depth > maxDepth) throw new CoreError('bad-model', `The layers of the model nest deeper than ${maxDepth}, or a block lies within itself.`, 'Write the blocks one after the other.')
  for (const layer of layers) {
    if ('name' in layer) visit(layer.name)
    if (layer.type === 'residual') [layer.body, layer.shortcut].forEach(inner => walk(inner, depth + 1, visit))
    if (layer.type === 'concat') layer.branches.forEach(inner => walk(inner, depth + 1, visit))
  }
}
