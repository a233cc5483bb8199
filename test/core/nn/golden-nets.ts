// The nets of scripts/golden/nets.py and mobilenets.py as descriptions, with the same weights and pixels, both made from names.

import type { PhotoSet, StateDict } from '../../../src/core/index.ts'
import type { LayerDescription, ModelDescription } from '../../../src/core/nn/description.ts'
import { inception } from '../../../src/core/nn/nets/googlenet.ts'
import { layers } from '../../../src/core/nn/layers.ts'
import { describePreset } from '../../../src/core/nn/presets.ts'
import { mobilenetV1, mobilenetV2 } from '../../../src/core/nn/nets/mobilenet.ts'
import { resnet } from '../../../src/core/nn/nets/resnet.ts'
import { resnet9 } from '../../../src/core/nn/nets/resnet9.ts'
import { vgg } from '../../../src/core/nn/nets/vgg.ts'
import { units } from '../golden.ts'

export type ImageShape = readonly [height: number, width: number, channels: number]

export const batch = 8
export const steps = 10
const classes = ['a', 'b', 'c', 'd', 'e']

/** The net of a name, dropout off. */
export function goldenNet(name: string, [height, width, channels]: ImageShape): ModelDescription {
  const input = { height, width, channels }
  const normalise = { mean: Array<number>(channels).fill(0.4), std: Array<number>(channels).fill(0.25) }
  const layers = layersOf(name, input).map(layer => (layer.type === 'dropout' ? { ...layer, rate: 0 } : layer))
  return { format: 'winnow-model', version: 1, preset: name, input, normalise, classes, layers }
}

function layersOf(name: string, input: ModelDescription['input']): readonly LayerDescription[] {
  const narrow = [[8], [16], [32, 32], [64, 64], [64, 64]]
  switch (name) {
    case 'small net':
      return smallNet()
    case 'vgg11':
      return vgg({ stages: narrow, hidden: 40 }, 5, input)
    case 'inception':
      return inceptionNet()
    case 'resnet18':
      return resnet({ block: 'basic', blocks: [2, 2, 2, 2], width: 8 }, 5)
    case 'mobilenet-v1':
      return mobilenetV1({ padding: 'same', epsilon: 1e-3, width: 1 / 8 }, 5, input)
    case 'mobilenet-v2':
      return mobilenetV2({ padding: 'even', epsilon: 1e-5, width: 1 / 8 }, 5, input)
    case 'resnet9':
      return resnet9(5, input, 4)
    case 'photo-convnet':
      // As it was when PyTorch's numbers were made: with biases before its norms.
      return describePreset(name, { ...input, classes }).layers.map(layer =>
        layer.type === 'conv2d' ? { ...layer, bias: true } : layer,
      )
    default:
      return describePreset(name, { ...input, classes }).layers
  }
}

function smallNet(): LayerDescription[] {
  const stage = (index: number, filters: number) => [
    layers.conv2d(`conv${index}`, filters, 3),
    layers.batchNorm(`bn${index}`),
    layers.relu(),
    layers.maxPool(2),
  ]
  return [...stage(1, 8), ...stage(2, 12), layers.flatten(), layers.dense('fc', 5)]
}

function inceptionNet(): LayerDescription[] {
  return [
    layers.conv2d('conv1.conv', 8, 7, { stride: 2, bias: false }),
    { ...layers.batchNorm('conv1.bn'), epsilon: 1e-3 },
    layers.relu(),
    { ...layers.maxPool(3, { stride: 2 }), padding: [0, 0, 1, 1] },
    inception('inception3a', [6, 4, 8, 3, 5, 4]),
    inception('inception3b', [8, 6, 12, 4, 6, 5]),
    layers.globalAveragePool(),
    layers.dense('fc', 5),
  ]
}

/** The weights that `fill` in nets.py gives tensors of these names and shapes (PyTorch's layout). */
export function goldenWeights(like: StateDict): StateDict {
  return new Map(
    [...like].map(([name, { shape }]) => {
      const size = shape.reduce((product, length) => product * length, 1)
      const fanIn = shape.slice(1).reduce((product, length) => product * length, 1)
      const value = name.endsWith('running_mean')
        ? () => 0
        : name.endsWith('running_var')
          ? () => 1
          : shape.length > 1
            ? (u: number) => (2 * u - 1) * Math.sqrt(6 / fanIn)
            : name.endsWith('weight')
              ? (u: number) => 0.8 + 0.4 * u
              : (u: number) => 0.2 * (u - 0.5)
      return [name, { shape, data: Float32Array.from(units(name, size), value) }]
    }),
  )
}

export function goldenPhotos([height, width, channels]: ImageShape): PhotoSet {
  const rows = batch * steps
  return {
    images: Uint8Array.from(units('pixels', rows * height * width * channels), u => Math.floor(u * 256)),
    labels: Uint32Array.from(units('labels', rows), u => Math.floor(u * classes.length)),
    height,
    width,
    channels,
  }
}

/** The norm, and eight products with vectors of +-1: the reference of `fingerprint` in nets.py. */
export function fingerprint(name: string, values: Float32Array): number[] {
  const products = Array.from({ length: 8 }, (_, k) => {
    const signs = units(`${name}/${k}`, values.length)
    return values.reduce((sum, value, i) => sum + (signs[i]! < 0.5 ? -value : value), 0)
  })
  return [Math.hypot(...values), ...products]
}
