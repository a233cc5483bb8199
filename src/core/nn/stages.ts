// The stages of a net from its input to its head, in the order in which a backbone is frozen: a convolution or dense
// layer with the norm after it is one, and so are all blocks of one name (`layer1.0` and `layer1.1` are `layer1`). The
// last stage is the head.

import { CoreError } from '../error.ts'
import type { LayerDescription, ModelDescription } from './description.ts'

/** A part of a net that is frozen as a whole: a convolution or dense layer with its norm, or all blocks of one name. */
export interface NetStage {
  readonly name: string
  /** Prefixes of the parameters' names: `conv1`, `layer1.0.bn1`. */
  readonly layers: readonly string[]
}

/** How much of a net stays as it is: so many stages from the input on, or all but the head. */
export type FreezeDepth = number | 'backbone'

/** The stages of a net from its input to its head, which is the last. Layers without parameters belong to none. */
export function stagesOf({ layers }: ModelDescription): readonly NetStage[] {
  const stages: { name: string; layers: string[] }[] = []
  for (const layer of layers) {
    const names = namesIn(layer)
    if (names.length === 0) continue
    const last = stages.at(-1)
    const name = stageName(layer, names[0]!)
    if (last && (isNorm(layer) || name === last.name)) last.layers.push(...names)
    else stages.push({ name, layers: names })
  }
  return stages
}

/** Whether a parameter belongs to the stages that `depth` freezes. Throws CoreError 'bad-argument' where nothing would
 *  be left to learn. */
export function frozenTo(model: ModelDescription, depth: FreezeDepth): (name: string) => boolean {
  const stages = stagesOf(model)
  const count = depth === 'backbone' ? stages.length - 1 : depth
  if (count < stages.length) return within(stages.slice(0, count))
  throw new CoreError(
    'bad-argument',
    `${model.preset} has ${stages.length} stages (${stages.map(({ name }) => name).join(', ')}), so freezing ${count} would leave nothing to learn.`,
    `Freeze at most ${stages.length - 1}.`,
  )
}

/** Whether a parameter belongs to the head: the last stage, whose shape goes by the classes. */
export function isHead(model: ModelDescription): (name: string) => boolean {
  return within(stagesOf(model).slice(-1))
}

function within(stages: readonly NetStage[]): (name: string) => boolean {
  const layers = new Set(stages.flatMap(stage => stage.layers))
  return name => layers.has(name.slice(0, name.lastIndexOf('.')))
}

function isNorm({ type }: LayerDescription): boolean {
  return type === 'batch-norm' || type === 'group-norm' || type === 'layer-norm'
}

/** The block of a MobileNet where it is of one: `features.3` of `features.3.conv.0.0`, `blocks.3` of `blocks.3.5.conv_dw`.
 */
function stageName(layer: LayerDescription, first: string): string {
  const block = /^(?:features|blocks)\.\d+(?=\.)/.exec(first)?.[0]
  return block ?? (layer.type === 'residual' || layer.type === 'concat' ? first.split('.')[0]! : first)
}

/** Prefixes of the parameters of a layer and of all layers inside it. */
export function namesIn(layer: LayerDescription): string[] {
  if (layer.type === 'residual') return [...layer.body, ...layer.shortcut].flatMap(namesIn)
  if (layer.type === 'concat') return layer.branches.flat().flatMap(namesIn)
  if (layer.type === 'multiply') return layer.body.flatMap(namesIn)
  return 'name' in layer ? [layer.name] : []
}
