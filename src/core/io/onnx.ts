// A model with its weights as an ONNX file that other software runs as it is: raw pixels in, probabilities out.
// Normalisation is inside the graph; labels, input size and how to resize stand in the metadata. Several nets of the
// same classes become one file that answers with the mean of their probabilities. ONNX IR 8, operator set 17, batch
// size free.

import { CoreError } from '../error.ts'
import { refuseOthers } from '../options.ts'
import type { ModelDescription, StateDict } from '../nn/description.ts'
import { elementType, GraphBuilder, modelMessage } from './onnx-graph.ts'
import { addLayers } from './onnx-layers.ts'
import type { OnnxWeights } from './onnx-weights.ts'

/** What goes into the metadata of an ONNX file beside the net. */
export interface OnnxOptions {
  /** The run's name, for people. */
  readonly run: string
  readonly appVersion: string
  /** How photos become squares. Default squash. */
  readonly fit?: keyof typeof resizeRules | undefined
  /** What confidences should be cooled by before they are read as probabilities; kept in the metadata, the graph
   *  answers as the app does. */
  readonly temperature?: number
  /** Answers less confident than this should be taken for "unknown"; kept in the metadata. Default 0: none. */
  readonly unknownBelow?: number
  /** How weights are stored: f32 (default), f16 or int8 (per output channel); the graph computes in float32 all the same. */
  readonly weights?: OnnxWeights | undefined
  /** How a photo becomes input pixels, as a person and as a program follow it; kept in the file's text and metadata. */
  readonly preparation?: { readonly text: string; readonly python: string } | undefined
}

const operatorSet = 17

const optionNames: readonly (keyof OnnxOptions)[] = [
  'run',
  'appVersion',
  'fit',
  'temperature',
  'unknownBelow',
  'weights',
  'preparation',
]

/** How the app makes a photo into input pixels, in words that the metadata hold and that other software is to follow.
 */
export const resizeRules = {
  squash: 'squash to size x size, sRGB, oriented',
  letterbox: 'long side to size, centred on size x size of grey 127, sRGB, oriented',
} as const

/**
 * The ONNX file of `model` with `weights`: input `image` u8 [N, H, W, C], output `probabilities` f32 [N, classes].
 * Throws CoreError 'bad-model' where the weights do not belong to the model.
 */
export function encodeOnnx(model: ModelDescription, weights: StateDict, options: OnnxOptions): Uint8Array<ArrayBuffer> {
  return encodeOnnxEnsemble([{ model, weights }], options)
}

/** A net of an ensemble with its weights, as `predict` takes them. */
export interface OnnxNet {
  readonly model: ModelDescription
  readonly weights: StateDict
}

/** The same of several nets in one file: it answers with the mean of their probabilities. They must have the same
 *  classes and the same input. */
export function encodeOnnxEnsemble(nets: readonly OnnxNet[], options: OnnxOptions): Uint8Array<ArrayBuffer> {
  refuseOthers('encodeOnnx', options, optionNames)
  const { model } = checkAlike(nets)
  const { height, width, channels } = model.input
  const graph = new GraphBuilder(['image', 'probabilities'], options.weights)
  if (nets.length === 1) {
    graph.output('Softmax', [addNet(graph, nets[0]!)], { axis: 1 }, 'probabilities')
  } else {
    const answers = nets.map((net, n) => {
      graph.within(`net${n}/`)
      return graph.node('Softmax', [addNet(graph, net)], { axis: 1 })
    })
    graph.output('Mean', answers, {}, 'probabilities')
  }
  const message = graph.finish(
    'winnow',
    [{ name: 'image', type: elementType.uint8, shape: ['N', height, width, channels] }],
    [{ name: 'probabilities', type: elementType.float, shape: ['N', model.classes.length] }],
  )
  return modelMessage(
    message,
    operatorSet,
    { name: 'winnow', version: options.appVersion, about: aboutText(model, options) },
    metadataOf(model, nets.length, options),
  ).finish()
}

function checkAlike(nets: readonly OnnxNet[]): OnnxNet {
  const [first] = nets
  if (!first) throw new CoreError('bad-model', 'There is no net to write.', 'Give at least one net.')
  const wordsOf = ({ model: { input, classes } }: OnnxNet) =>
    `${input.height} x ${input.width} x ${input.channels}, ${classes.join(', ')}`
  const other = nets.find(net => wordsOf(net) !== wordsOf(first))
  if (other)
    throw new CoreError(
      'bad-model',
      `One net answers for ${wordsOf(first)}, another for ${wordsOf(other)}.`,
      'Write nets of the same input and classes.',
    )
  return first
}

/** The logits of one net. */
function addNet(graph: GraphBuilder, { model, weights }: OnnxNet): string {
  const { height, width, channels } = model.input
  const pixels = addNormalisation(graph, model)
  const logits = addLayers({ graph, weights, marks: new Map() }, model.layers, {
    name: model.mirrored ? addMirrored(graph, pixels) : pixels,
    shape: [channels, height, width],
  })
  if (logits.shape.length !== 1 || logits.shape[0] !== model.classes.length) {
    throw new CoreError(
      'bad-model',
      `The model ends in ${logits.shape.join(' x ')} values but has ${model.classes.length} classes.`,
      'Use a checkpoint whose model fits its classes.',
    )
  }
  return model.mirrored ? addMeanOfHalves(graph, logits.name, model.classes.length) : logits.name
}

/** [N C H W] -> [2N C H W]: the photos, then each with left and right exchanged. */
function addMirrored(graph: GraphBuilder, photos: string): string {
  const integer = (name: string, value: number) => graph.integers(`mirror.${name}`, [value])
  const mirrored = graph.node('Slice', [
    photos,
    integer('start', -1),
    integer('end', -(2 ** 31)),
    integer('axis', 3),
    integer('step', -1),
  ])
  return graph.node('Concat', [photos, mirrored], { axis: 0 })
}

/** [2N K] -> [N K]: the mean of row n and row N + n. */
function addMeanOfHalves(graph: GraphBuilder, logits: string, classes: number): string {
  const halves = graph.node('Reshape', [logits, graph.integers('mirror.halves', [2, -1, classes])])
  return graph.node('ReduceMean', [halves], { axes: [0], keepdims: 0 })
}

/** u8 [N, H, W, C] -> (v / 255 - mean) / std as f32 [N, C, H, W], in the same order of operations as the app. */
function addNormalisation(graph: GraphBuilder, { input, normalise }: ModelDescription): string {
  const mean = graph.constant('normalise.mean', [input.channels], Float32Array.from(normalise.mean))
  const std = graph.constant('normalise.std', [input.channels], Float32Array.from(normalise.std))
  const values = graph.node('Cast', ['image'], { to: elementType.float })
  const scaled = graph.node('Div', [values, graph.scalar(255)])
  const centred = graph.node('Sub', [scaled, mean])
  return graph.node('Transpose', [graph.node('Div', [centred, std])], { perm: [0, 3, 1, 2] })
}

/** What a stranger needs to ask the file: its input, its output, and how photos become pixels. */
function aboutText({ input: { height, width, channels }, classes }: ModelDescription, options: OnnxOptions): string {
  const { run, preparation, fit = 'squash' } = options
  return [
    `${run}: an image classifier of ${classes.length} classes, made with Winnow.`,
    `Input "image": u8 [N, ${height}, ${width}, ${channels}], ${channels === 1 ? 'grey' : 'RGB'}, 0 to 255, rows from the top; normalisation is inside. Output "probabilities": f32 [N, ${classes.length}], in the order of the metadata "labels".`,
    preparation?.text ?? `Photos: ${resizeRules[fit]}.`,
  ].join('\n')
}

function metadataOf(
  { input, classes, preset }: ModelDescription,
  nets: number,
  { run, appVersion, temperature = 1, unknownBelow = 0, fit = 'squash', weights = 'f32', preparation }: OnnxOptions,
): ReadonlyMap<string, string> {
  return new Map([
    ['labels', JSON.stringify(classes)],
    ['input_height', String(input.height)],
    ['input_width', String(input.width)],
    ['channels', String(input.channels)],
    ['channel_order', input.channels === 1 ? 'L' : 'RGB'],
    ['resize', resizeRules[fit]],
    ...(preparation
      ? ([
          ['preparation', preparation.text],
          ['preparation.py', preparation.python],
        ] as const)
      : []),
    ['weights', weights],
    ['temperature', String(temperature)],
    ['unknown_below', String(unknownBelow)],
    ['nets', String(nets)],
    ['preset', preset],
    ['run', run],
    ['app', 'Winnow'],
    ['app_version', appVersion],
  ])
}
