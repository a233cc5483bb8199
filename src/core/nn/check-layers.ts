// Layers written by hand are looked at before anything is built of them: every layer with weights has a name of its
// own, and blocks end somewhere.

import { CoreError, type Fail } from '../error.ts'
import type { LayerDescription, ModelDescription } from './description.ts'

/** Blocks inside blocks: no net that is known comes near it. */
export const maxDepth = 64

/** Throws CoreError 'bad-model' naming the layer, or what `fail` makes of it. */
export function checkLayers(
  { layers }: Pick<ModelDescription, 'layers'>,
  fail: Fail = (message, fix = 'Change the model.') => new CoreError('bad-model', message, fix),
): void {
  const names = new Set<string>()
  walk(layers, 0, fail, name => {
    if (name === '') throw fail('A layer with weights has an empty name.', 'Give each layer its own name.')
    if (names.has(name)) throw fail(`Two layers have the name ${name}.`, 'Give each layer its own name.')
    names.add(name)
  })
}

function walk(layers: readonly LayerDescription[], depth: number, fail: Fail, visit: (name: string) => void): void {
  if (depth > maxDepth)
    throw fail(
      `The layers of the model nest deeper than ${maxDepth}, or a block lies within itself.`,
      'Write the blocks one after the other.',
    )
  for (const layer of layers) {
    if ('name' in layer) visit(layer.name)
    if (layer.type === 'residual') [layer.body, layer.shortcut].forEach(inner => walk(inner, depth + 1, fail, visit))
    if (layer.type === 'concat') layer.branches.forEach(inner => walk(inner, depth + 1, fail, visit))
  }
}
