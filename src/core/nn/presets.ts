// The nets that come with Winnow, as descriptions for any input size and number of classes. One function a preset.

import { CoreError } from '../error.ts'
import { refuseOthers } from '../options.ts'
import type { LayerDescription, ModelDescription } from './description.ts'
import { googlenet } from './nets/googlenet.ts'
import { layers } from './layers.ts'
import { mobilenetV1, mobilenetV2 } from './nets/mobilenet.ts'
import { resnet } from './nets/resnet.ts'
import { resnet9 } from './nets/resnet9.ts'
import { vgg, vggStages } from './nets/vgg.ts'

/** What a preset is made for: the size and channels of its photos in pixels, and the names of its classes. */
export interface PresetInput {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly classes: readonly string[]
  /** Mean and deviation of the training photos in 0..1 by channel; default 0.5 and 0.25. */
  readonly normalise?: { readonly mean: readonly number[]; readonly std: readonly number[] }
}

type Layers = (classes: number, input: PresetInput) => readonly LayerDescription[]

const presets: Readonly<Record<string, Layers>> = {
  softmax: classes => [layers.flatten(), layers.dense('fc', classes)],
  mlp: classes => [
    layers.flatten(),
    layers.dense('fc1', 512),
    layers.relu(),
    layers.dense('fc2', 1024),
    layers.relu(),
    layers.dense('fc3', classes),
  ],
  'simple-conv': simpleConv,
  'deep-convnet': deepConvnet,
  'photo-convnet': photoConvnet,
  resnet9: (classes, input) => resnet9(classes, input),
  'small-resnet': smallResnet,
  vgg11: (classes, input) => vgg({ stages: vggStages.vgg11, hidden: 4096 }, classes, input),
  vgg16: (classes, input) => vgg({ stages: vggStages.vgg16, hidden: 4096 }, classes, input),
  googlenet: classes => googlenet(classes),
  'mobilenet-v1': (classes, input) => mobilenetV1({ padding: 'same', epsilon: 1e-3 }, classes, input),
  'mobilenet-v1-torch': (classes, input) => mobilenetV1({ padding: 'even', epsilon: 1e-5 }, classes, input),
  'mobilenet-v2': (classes, input) => mobilenetV2({ padding: 'even', epsilon: 1e-5 }, classes, input),
  'mobilenet-v2-folded': (classes, input) => mobilenetV2({ padding: 'same', epsilon: 'folded' }, classes, input),
  resnet18: classes => resnet({ block: 'basic', blocks: [2, 2, 2, 2] }, classes),
  resnet34: classes => resnet({ block: 'basic', blocks: [3, 4, 6, 3] }, classes),
  resnet50: classes => resnet({ block: 'bottleneck', blocks: [3, 4, 6, 3] }, classes),
}

/** Names of the nets that come with the core, in the order to show them. */
export function presetNames(): string[] {
  return Object.keys(presets)
}

/** Throws CoreError 'bad-argument' for a name that is not a preset. */
export function describePreset(preset: string, input: PresetInput): ModelDescription {
  const { height, width, channels, classes, normalise = usualStatistics(channels), ...others } = input
  refuseOthers('describePreset', others, ['height', 'width', 'channels', 'classes', 'normalise'])
  const layers = Object.hasOwn(presets, preset) ? presets[preset] : undefined
  if (!layers)
    throw new CoreError(
      'bad-argument',
      `There is no preset "${preset}".`,
      `Choose one of: ${presetNames().join(', ')}.`,
    )
  return {
    format: 'winnow-model',
    version: 1,
    preset,
    normalise,
    input: { height, width, channels },
    classes,
    layers: layers(classes.length, input),
  }
}

function usualStatistics(channels: number): NonNullable<PresetInput['normalise']> {
  return { mean: Array<number>(channels).fill(0.5), std: Array<number>(channels).fill(0.25) }
}

/** Two convolutions with pools and a small dense layer: digits and other small pictures in a minute without a GPU. */
function simpleConv(classes: number): readonly LayerDescription[] {
  return [
    layers.conv2d('conv1', 16, 3),
    layers.relu(),
    layers.maxPool(2),
    layers.conv2d('conv2', 32, 3),
    layers.relu(),
    layers.maxPool(2),
    layers.flatten(),
    layers.dense('fc1', 64),
    layers.relu(),
    layers.dense('fc2', classes),
  ]
}

/** Saito, "Deep Learning from Scratch", chapter 8: six convolutions in three pairs, dropout, 50 hidden units; conv 4
 *  pads by 2. */
function deepConvnet(classes: number): readonly LayerDescription[] {
  const pair = (first: number, filters: number, pad = 1) => [
    layers.conv2d(`conv${first}`, filters, 3),
    layers.relu(),
    layers.conv2d(`conv${first + 1}`, filters, 3, { pad }),
    layers.relu(),
    layers.maxPool(2),
  ]
  return [
    ...pair(1, 16),
    ...pair(3, 32, 2),
    ...pair(5, 64),
    layers.flatten(),
    layers.dense('fc1', 50),
    layers.relu(),
    layers.dropout(0.5),
    layers.dense('fc2', classes),
  ]
}

/** Four convolutions 16-32-64-128, each with batch norm and a pool, a dense layer of 128 and dropout: photos of 64 to
 *  128 px. */
function photoConvnet(classes: number): readonly LayerDescription[] {
  const stage = (index: number, filters: number) => [
    layers.conv2d(`conv${index}`, filters, 3, { bias: false }),
    layers.batchNorm(`bn${index}`),
    layers.relu(),
    layers.maxPool(2),
  ]
  return [
    ...[16, 32, 64, 128].flatMap((filters, i) => stage(i + 1, filters)),
    layers.flatten(),
    layers.dense('fc1', 128),
    layers.relu(),
    layers.dropout(0.5),
    layers.dense('fc2', classes),
  ]
}

/** A small residual net: a stem that brings the photo to about 32 x 32, four stages of one basic block, global average
 *  pool. The default before resnet9, which learns photos better and takes half as much arithmetic again
 *  (docs/default-preset.md). */
function smallResnet(classes: number, { height, width }: PresetInput): readonly LayerDescription[] {
  const halvings = Math.max(0, Math.round(Math.log2(Math.max(height, width) / 32)))
  const block = (name: string, filters: number, stride: number): LayerDescription[] => [
    {
      type: 'residual',
      body: [
        layers.conv2d(`${name}.conv1`, filters, 3, { stride, bias: false }),
        layers.batchNorm(`${name}.bn1`),
        layers.relu(),
        layers.conv2d(`${name}.conv2`, filters, 3, { bias: false }),
        layers.batchNorm(`${name}.bn2`),
      ],
      shortcut: [
        layers.conv2d(`${name}.downsample.0`, filters, 1, { stride, pad: 0, bias: false }),
        layers.batchNorm(`${name}.downsample.1`),
      ],
    },
    layers.relu(),
  ]
  return [
    layers.conv2d('conv1', 32, 3, { stride: halvings > 0 ? 2 : 1, bias: false }),
    layers.batchNorm('bn1'),
    layers.relu(),
    ...Array.from({ length: Math.max(0, halvings - 1) }, () => layers.maxPool(2)),
    ...block('layer1.0', 32, 1),
    ...block('layer2.0', 64, 2),
    ...block('layer3.0', 128, 2),
    ...block('layer4.0', 256, 2),
    layers.globalAveragePool(),
    layers.dropout(0.2),
    layers.dense('fc', classes),
  ]
}
