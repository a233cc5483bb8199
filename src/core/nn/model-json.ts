// A model description read from outside (a checkpoint's metadata) or written by hand: every field of every layer is
// checked, so what comes out may be built and exported without asking again. Unknown fields are dropped; a newer
// version is refused with a sentence.

import { CoreError } from '../error.ts'
import type { ActivationDescription, DenseDescription, LayerDescription, ModelDescription } from './description.ts'
import { checkLayers, maxDepth } from './check-layers.ts'
import { JsonReader } from '../json.ts'

const activations = [
  'relu',
  'leaky-relu',
  'gelu',
  'silu',
  'sigmoid',
  'tanh',
  'relu6',
  'hard-swish',
  'hard-sigmoid',
] as const satisfies ActivationDescription['type'][]

/** The description in `text`. Throws CoreError 'bad-checkpoint' that names the field. */
export function parseModelDescription(text: string): ModelDescription {
  const read = new JsonReader(
    (message, fix = 'Use another checkpoint.') =>
      new CoreError('bad-checkpoint', `The model description is damaged: ${message}`, fix),
  )
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new CoreError('bad-checkpoint', 'The model description is not JSON.', 'Use another checkpoint.')
  }
  const model = read.record(value, 'model')
  checkVersion(model)
  return readModel(read, model)
}

/** Throws CoreError 'bad-model' that names the field of a description written by hand. */
export function checkModel(model: ModelDescription): void {
  const read = new JsonReader(
    (message, fix = 'Change the model.') =>
      new CoreError('bad-model', `The model ${model.preset} does not work: ${message}`, fix),
  )
  const record = read.record(model, 'model')
  const { format, version } = record
  if (format !== 'winnow-model' || version !== 1)
    throw read.fail(
      `its format is ${String(format)} and its version ${String(version)}, but this Winnow reads winnow-model 1.`,
    )
  readModel(read, record)
}

function readModel(read: JsonReader, model: Record<string, unknown>): ModelDescription {
  const input = read.record(model['input'], 'input')
  const channels = read.integer(input['channels'], 'input.channels', 1, 4)
  const normalise = read.record(model['normalise'], 'normalise')
  const description: ModelDescription = {
    format: 'winnow-model',
    version: 1,
    preset: read.text(model['preset'], 'preset'),
    input: {
      height: read.integer(input['height'], 'input.height', 1, 16384),
      width: read.integer(input['width'], 'input.width', 1, 16384),
      channels,
    },
    normalise: {
      mean: perChannel(read, normalise['mean'], 'normalise.mean', channels, -Number.MAX_VALUE),
      std: perChannel(read, normalise['std'], 'normalise.std', channels, Number.MIN_VALUE),
    },
    classes: read.list(model['classes'], 'classes', (item, where) => read.text(item, where)),
    layers: readLayers(read, model['layers'], 'layers', 0),
    ...(model['mirrored'] !== undefined && { mirrored: read.boolean(model['mirrored'], 'mirrored') }),
  }
  checkLayers(description, message => read.fail(message))
  return description
}

function checkVersion({ format, version }: Record<string, unknown>): void {
  if (format !== 'winnow-model')
    throw new CoreError(
      'bad-checkpoint',
      'The file holds no Winnow model description.',
      'Use a checkpoint that Winnow wrote.',
    )
  if (typeof version === 'number' && version > 1) {
    throw new CoreError(
      'bad-checkpoint',
      `The model description has version ${version}; this Winnow reads version 1.`,
      'Update Winnow.',
    )
  }
  if (version !== 1)
    throw new CoreError(
      'bad-checkpoint',
      `The model description has the version ${String(version)}.`,
      'Use another checkpoint.',
    )
}

function perChannel(read: JsonReader, value: unknown, where: string, channels: number, least: number): number[] {
  const items = read.list(value, where, (item, place) => read.number(item, place, least))
  if (items.length !== channels) {
    throw read.fail(`It has ${channels} channels but ${items.length} values in ${where}.`)
  }
  return items
}

function readLayers(read: JsonReader, value: unknown, where: string, depth: number): LayerDescription[] {
  if (depth > maxDepth) throw read.fail(`The layers of the model nest deeper than ${maxDepth}.`)
  return read.list(value, where, (item, place) => readLayer(read, read.record(item, place), place, depth))
}

function readLayer(read: JsonReader, layer: Record<string, unknown>, where: string, depth: number): LayerDescription {
  const type = read.text(layer['type'], `${where}.type`)
  const activation = activations.find(name => name === type)
  if (activation) return { type: activation }
  switch (type) {
    case 'conv2d':
      return readConv(read, layer, where)
    case 'dense':
      return {
        type,
        name: read.text(layer['name'], `${where}.name`),
        units: read.integer(layer['units'], `${where}.units`, 1),
        bias: read.boolean(layer['bias'], `${where}.bias`),
        ...readInitial(read, layer, where),
      }
    case 'batch-norm':
      return {
        type,
        name: read.text(layer['name'], `${where}.name`),
        epsilon: read.number(layer['epsilon'], `${where}.epsilon`, 0, 1),
        momentum: read.number(layer['momentum'], `${where}.momentum`, 0, 1),
      }
    case 'group-norm':
      return {
        type,
        name: read.text(layer['name'], `${where}.name`),
        groups: read.integer(layer['groups'], `${where}.groups`, 1),
        epsilon: read.number(layer['epsilon'], `${where}.epsilon`, 0, 1),
      }
    case 'layer-norm':
      return {
        type,
        name: read.text(layer['name'], `${where}.name`),
        epsilon: read.number(layer['epsilon'], `${where}.epsilon`, 0, 1),
      }
    case 'max-pool':
    case 'average-pool':
      return { type, size: read.integers(layer['size'], `${where}.size`, 2, 1), ...readWindow(read, layer, where) }
    case 'adaptive-average-pool':
      return { type, size: read.integers(layer['size'], `${where}.size`, 2, 1) }
    case 'multiply':
      return { type, body: readLayers(read, layer['body'], `${where}.body`, depth + 1) }
    case 'mark':
      return { type, mark: read.text(layer['mark'], `${where}.mark`) }
    case 'pooled-marks':
      return { type, marks: read.list(layer['marks'], `${where}.marks`, (item, place) => read.text(item, place)) }
    case 'dropout':
      return { type, rate: read.number(layer['rate'], `${where}.rate`, 0, 1) }
    case 'global-average-pool':
    case 'flatten':
      return { type }
    case 'residual':
      return {
        type,
        body: readLayers(read, layer['body'], `${where}.body`, depth + 1),
        shortcut: readLayers(read, layer['shortcut'], `${where}.shortcut`, depth + 1),
      }
    case 'own':
      return {
        type,
        name: read.text(layer['name'], `${where}.name`),
        op: read.text(layer['op'], `${where}.op`),
        options: read.record(layer['options'], `${where}.options`),
      }
    case 'concat':
      return {
        type,
        branches: read.list(layer['branches'], `${where}.branches`, (branch, place) =>
          readLayers(read, branch, place, depth + 1),
        ),
      }
    default:
      throw read.fail(
        `There is a layer of the unknown type ${type} at ${where}.`,
        'Update Winnow, or take a type that this one knows.',
      )
  }
}

function readConv(read: JsonReader, layer: Record<string, unknown>, where: string): LayerDescription {
  return {
    type: 'conv2d',
    name: read.text(layer['name'], `${where}.name`),
    filters: read.integer(layer['filters'], `${where}.filters`, 1),
    kernel: read.integers(layer['kernel'], `${where}.kernel`, 2, 1),
    ...readWindow(read, layer, where),
    dilation: read.integers(layer['dilation'], `${where}.dilation`, 2, 1),
    groups: read.integer(layer['groups'], `${where}.groups`, 1),
    bias: read.boolean(layer['bias'], `${where}.bias`),
    ...readInitial(read, layer, where),
  }
}

function readInitial(
  read: JsonReader,
  { initial }: Record<string, unknown>,
  where: string,
): Pick<DenseDescription, 'initial'> {
  if (initial === undefined) return {}
  return { initial: initial === 'he' || initial === 'xavier' ? initial : read.number(initial, `${where}.initial`, 0) }
}

function readWindow(read: JsonReader, layer: Record<string, unknown>, where: string) {
  return {
    stride: read.integers(layer['stride'], `${where}.stride`, 2, 1),
    padding: read.integers(layer['padding'], `${where}.padding`, 4, 0),
  }
}
