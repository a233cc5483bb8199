// A net that reads the features of a backbone: its layers up to the last of a few places, the means over the photo of what
// flows there, and one dense layer on them. A linear head on such features is learnt in seconds (linear/), and the whole
// net can go on learning from there. Which places serve was measured (docs/backbones.md): the ends of a net are made for
// its own task, the middle is more general.

import { CoreError } from '../error.ts'
import type { LayerDescription, ModelDescription } from './description.ts'
import { layers } from './layers.ts'
import { describePreset, type PresetInput } from './presets.ts'
import { namesIn } from './stages.ts'
import { summarise } from './summary.ts'

/** Name of the head in the state dict: `head.weight` [classes, features], `head.bias` [classes]. */
export const featureHead = 'head'

/** Of each preset that serves as a backbone, in order: a convolution, whose place is after the norm and activation that
 *  follow it, or the beginning of a block's name, whose place is after the block. */
const places: Readonly<Record<string, readonly string[]>> = {
  'mobilenet-v1': ['blocks.3.5.conv_pw', 'blocks.4.0.conv_pw'],
  'mobilenet-v1-torch': ['blocks.3.5.conv_pw', 'blocks.4.1.conv_pw'],
  'mobilenet-v2': ['features.12.conv.0.0', 'features.18.0'],
  'mobilenet-v2-folded': ['features.12.conv.0.0', 'features.16.conv.0.0'],
  resnet18: ['layer3.', 'layer4.'],
  resnet34: ['layer3.', 'layer4.'],
  resnet50: ['layer4.'],
  googlenet: ['inception4e.', 'inception5b.'],
  vgg11: ['features.13', 'features.18'],
  vgg16: ['features.21', 'features.28'],
}

/** Names of the presets whose weights can serve as a backbone (`withFeatureHead`). */
/** The net that settings name: a preset with its own head, or with one on its features. Throws CoreError 'bad-argument'. */
export function describeModel(
  { preset, head }: { readonly preset: string; readonly head?: 'own' | 'features' | 'linear' | undefined },
  input: PresetInput,
): ModelDescription {
  const model = describePreset(preset, input)
  return head === undefined || head === 'own' ? model : withFeatureHead(model)
}

/** Numbers a photo that the head of such a net reads. */
export function featureCount(model: ModelDescription): number {
  return summarise(model).layers.at(-2)!.shape[0]!
}

/** The presets whose weights can serve as a backbone. */
export function backbonePresets(): string[] {
  return Object.keys(places)
}

/** The same preset with a dense layer on its features in place of its own head. Throws CoreError 'bad-argument' where the
 *  preset is no backbone. */
export function withFeatureHead(model: ModelDescription): ModelDescription {
  const marks = Object.hasOwn(places, model.preset) ? places[model.preset] : undefined
  if (!marks)
    throw new CoreError(
      'bad-argument',
      `${model.preset} has no places from which features are taken.`,
      `Choose one of: ${backbonePresets().join(', ')}.`,
    )
  const marked = marks.reduce<readonly LayerDescription[]>(withMark, model.layers)
  return {
    ...model,
    layers: [
      ...upTo(marked, marks.at(-1)!),
      layers.pooledMarks(...marks),
      layers.dense(featureHead, model.classes.length, { initial: 0.01 }),
    ],
  }
}

const follows: ReadonlySet<LayerDescription['type']> = new Set(['batch-norm', 'relu', 'relu6'])

function withMark(list: readonly LayerDescription[], mark: string): readonly LayerDescription[] {
  const at = list.findLastIndex(layer => namesIn(layer).some(name => isAt(name, mark)))
  if (at < 0) return list
  const layer = list[at]!
  if (layer.type === 'residual' && !mark.endsWith('.')) {
    const inner = { ...layer, body: withMark(layer.body, mark) }
    return list.toSpliced(at, 1, inner)
  }
  let end = at + 1
  while (follows.has(list[end]?.type ?? 'flatten')) end++
  return list.toSpliced(end, 0, layers.mark(mark))
}

function isAt(name: string, mark: string): boolean {
  return mark.endsWith('.') ? name.startsWith(mark) : name === mark
}

/** The layers until the mark, which may lie in the body of a residual. */
function upTo(list: readonly LayerDescription[], mark: string): readonly LayerDescription[] {
  const at = list.findIndex(layer => holds(layer, mark))
  const layer = list[at]!
  return [...list.slice(0, at), ...(layer.type === 'residual' ? upTo(layer.body, mark) : [layer])]
}

function holds(layer: LayerDescription, mark: string): boolean {
  if (layer.type === 'residual') return layer.body.some(inner => holds(inner, mark))
  return layer.type === 'mark' && layer.mark === mark
}
