// Checks layers before a net is built of them: every layer with weights has a name of its own, no name is one that a
// checkpoint keeps for other things, and blocks do not nest without end.

import { CoreError, type Fail } from '../error.ts'
import type { LayerDescription, ModelDescription } from './description.ts'

/** Blocks inside blocks: no net that is known comes near it. */
export const maxDepth = 64

/** Beginnings of names in a checkpoint file that are no weights of a layer (io/checkpoint.ts). */
export const fileParts = ['optimizer/', 'average/'] as const

/** Throws CoreError 'bad-model' naming the layer, or what `fail` makes of it. */
export function checkLayers(
  { layers }: Pick<ModelDescription, 'layers'>,
  fail: Fail = (message, fix = 'Change the model.') => new CoreError('bad-model', message, fix),
): void {
  const names = new Set<string>()
  const marks = new Set<string>()
  walk(layers, 0, fail, name => {
    if (name === '') throw fail('A layer with weights has an empty name.', 'Give each layer its own name.')
    if (names.has(name)) throw fail(`Two layers have the name ${name}.`, 'Give each layer its own name.')
    const taken = fileParts.find(part => name.startsWith(part))
    if (taken !== undefined)
      throw fail(
        `A layer has the name ${name}, but a checkpoint keeps other things than weights under ${taken}.`,
        `Give it a name that does not begin with ${taken}.`,
      )
    names.add(name)
  })
  checkMarks(layers, marks, fail)
}

/** Every mark that is pooled was made before, and none is made twice. */
function checkMarks(layers: readonly LayerDescription[], marks: Set<string>, fail: Fail): void {
  for (const layer of layers) {
    if (layer.type === 'mark') {
      if (marks.has(layer.mark)) throw fail(`Two places have the mark ${layer.mark}.`, 'Give each mark its own name.')
      marks.add(layer.mark)
    }
    const unknown = layer.type === 'pooled-marks' ? layer.marks.find(mark => !marks.has(mark)) : undefined
    if (unknown !== undefined)
      throw fail(`There is no mark ${unknown} before the layer that pools it.`, 'Put the mark before it.')
    if (layer.type === 'pooled-marks' && layer.marks.length === 0)
      throw fail('A layer pools no marks.', 'Name at least one mark.')
    for (const inner of innerOf(layer)) checkMarks(inner, marks, fail)
  }
}

/** The lists of layers inside a block. */
function innerOf(layer: LayerDescription): readonly (readonly LayerDescription[])[] {
  if (layer.type === 'residual') return [layer.body, layer.shortcut]
  if (layer.type === 'multiply') return [layer.body]
  return layer.type === 'concat' ? layer.branches : []
}

function walk(layers: readonly LayerDescription[], depth: number, fail: Fail, visit: (name: string) => void): void {
  if (depth > maxDepth)
    throw fail(
      `The layers of the model nest deeper than ${maxDepth}, or a block lies within itself.`,
      'Write the blocks one after the other.',
    )
  for (const layer of layers) {
    if ('name' in layer) visit(layer.name)
    for (const inner of innerOf(layer)) walk(inner, depth + 1, fail, visit)
  }
}
