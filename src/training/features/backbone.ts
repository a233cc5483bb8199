// A backbone ready to make features: its weights, the net that reads them, and how it wants its photos.

import type { FeatureKind } from '../../contract/records.ts'
import {
  backbonePresets,
  compareWeights,
  CoreError,
  readWeights,
  describeModel,
  featureCount,
  isHead,
  type ModelDescription,
  type StateDict,
} from '../../core/index.ts'
import { presetNormalisation } from '../weights/initial-weights.ts'

export interface Backbone {
  /** The first 16 digits of the SHA-256 of its file. */
  readonly id: string
  readonly name: string
  readonly preset: string
  readonly state: StateDict
  /** The side of the photos that it was tried with. */
  readonly size: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** As measured (docs/backbones.md); 224 for the rest. */
const sizes: Readonly<Record<string, number>> = { 'mobilenet-v1': 160, 'mobilenet-v1-torch': 160 }

/** CoreError 'bad-checkpoint' where the bytes are no weights of a net that serves as a backbone. */
export function readBackbone(id: string, name: string, bytes: Uint8Array<ArrayBuffer>): Backbone {
  const { weights, model, preset } = readWeights(bytes)
  if (model || preset === null || !backbonePresets().includes(preset))
    throw new CoreError(
      'bad-checkpoint',
      model
        ? `“${name}” is a checkpoint of a run of Winnow, not a backbone.`
        : `The ${weights.size} tensors of “${name}” are those of no net that serves as a backbone${preset === null ? '' : ` (${preset} is none)`}.`,
      `Use the weights of one of: ${backbonePresets().join(', ')}.`,
    )
  const backbone = { id, name, preset, state: weights, size: sizes[preset] ?? 224, bytes }
  checkWhole(backbone)
  return backbone
}

/** Every layer up to the features must be there: fresh ones among them would spoil what they make. */
function checkWhole(backbone: Backbone): void {
  const net = featureNet(backbone, ['any'], backbone.size)
  const head = isHead(net)
  const { missing, different } = compareWeights(net, { state: backbone.state })
  const lacks = missing.filter(name => !head(name))
  const [first] = [...lacks, ...different]
  if (first === undefined) return
  throw new CoreError(
    'bad-checkpoint',
    `“${backbone.name}” is no whole ${backbone.preset}: ${lacks.length > 0 ? `it lacks ${lacks.length} tensors, the first is ${first}` : first}.`,
    'Use a file that holds all layers.',
  )
}

/** The net that makes features and tells these classes apart. */
export function featureNet({ preset }: Backbone, classes: readonly string[], size: number): ModelDescription {
  return describeModel(
    { preset, head: 'features' },
    { height: size, width: size, channels: 3, classes, normalise: presetNormalisation(preset) },
  )
}

/** The features of this backbone at this size. */
export function kindOf(backbone: Backbone, size: number): FeatureKind {
  return { backbone: backbone.id, size, numbers: featureCount(featureNet(backbone, ['any'], size)) }
}
