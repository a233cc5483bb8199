// Whole nets with random weights and running statistics, so that layouts, padding and the order of a flatten agree all the way
// through in every format that leaves.

import {
  createReferenceDevice,
  describePreset,
  type ModelDescription,
  type StateDict,
  layers,
} from '../../../src/core/index.ts'
import { withFeatureHead } from '../../../src/core/nn/feature-head.ts'
import { readStateDict } from '../../../src/core/nn/state-dict.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { createEvaluator } from '../../../src/core/train/evaluation/evaluator.ts'
import { describeModel, generator, makePixels } from './models.ts'

const classes = ['a', 'b', 'c', 'd']
const preset = (name: string, size: number, channels = 3) =>
  describePreset(name, { height: size, width: size, channels, classes })

const mixed = describeModel(
  [
    layers.conv2d('stem', 8, 5, { stride: 2, pad: 1 }),
    layers.groupNorm('gn', 4),
    layers.activation('silu'),
    layers.concat(
      [layers.conv2d('b1', 4, 1), layers.relu()],
      [layers.conv2d('b2', 8, 3, { groups: 4, dilation: 2, pad: 2 }), layers.activation('gelu')],
      [layers.averagePool(3, { stride: 1, pad: 1 })],
    ),
    layers.residual(
      [layers.conv2d('r1', 20, 3, { bias: false }), layers.activation('leaky-relu')],
      [layers.layerNorm('ln')],
    ),
    layers.maxPool(3, { stride: 2, pad: 1 }),
    layers.activation('tanh'),
    layers.dropout(0.4),
    layers.flatten(),
    layers.dense('fc1', 12),
    layers.activation('sigmoid'),
    layers.dense('fc2', 4),
  ],
  4,
  { height: 13, width: 13, channels: 3 },
)

/** What MobileNets and squeeze and excitation are made of. */
const mobile = describeModel(
  [
    layers.conv2d('stem', 8, 3, { stride: 2, pad: [0, 0, 1, 1] }),
    layers.activation('hard-swish'),
    layers.mark('early'),
    layers.residual([
      layers.conv2d('dw', 8, 3, { groups: 8 }),
      layers.activation('relu6'),
      layers.multiply([
        layers.adaptiveAveragePool(1),
        layers.conv2d('se1', 4, 1),
        layers.relu(),
        layers.conv2d('se2', 8, 1),
        layers.activation('hard-sigmoid'),
      ]),
      layers.mark('late'),
      layers.conv2d('pw', 8, 1),
    ]),
    layers.adaptiveAveragePool(4),
    layers.adaptiveAveragePool(2),
    layers.mark('end'),
    layers.pooledMarks('early', 'late', 'end'),
    layers.dense('fc', 4),
  ],
  4,
  { height: 14, width: 12, channels: 3 },
)

const small = { height: 6, width: 4, channels: 3 }
const flattened = {
  'a norm of every pixel': describeModel(
    [layers.conv2d('c', 4, 3), layers.flatten(), layers.batchNorm('bn'), layers.layerNorm('ln'), layers.dense('fc', 4)],
    4,
    small,
  ),
  'a flattened photo beside its mean': describeModel(
    [
      layers.concat(
        [layers.conv2d('a', 4, 3), layers.flatten()],
        [layers.conv2d('b', 8, 3, { stride: 2 }), layers.globalAveragePool()],
        [layers.flatten()],
      ),
      layers.dense('fc', 4),
    ],
    4,
    small,
  ),
  'two ways to flatten a photo, added up': describeModel(
    [
      layers.residual(
        [layers.conv2d('a', 4, 3), layers.flatten(), layers.dense('d1', 6)],
        [layers.flatten(), layers.dense('d2', 6)],
      ),
      layers.dense('fc', 4),
    ],
    4,
    small,
  ),
}

/** Random weights as core makes them, and running statistics as if it had trained. */
export async function randomState(model: ModelDescription): Promise<StateDict> {
  const device = createReferenceDevice()
  const store = new Store(device, 11)
  const evaluator = await createEvaluator(device, store, model, photoSet(model, 1))
  const state = await readStateDict(store, model)
  evaluator.dispose()
  store.dispose()
  device.destroy()
  const next = generator(3)
  for (const [name, { data }] of state) {
    if (name.endsWith('running_mean')) data.forEach((_, i) => (data[i] = next() - 0.5))
    if (name.endsWith('running_var')) data.forEach((_, i) => (data[i] = 0.5 + next()))
    if (name.endsWith('.bias')) data.forEach((_, i) => (data[i] = (next() - 0.5) / 4))
  }
  return state
}

export function photoSet({ input: { height, width, channels } }: ModelDescription, rows: number) {
  return {
    images: makePixels(rows * height * width * channels),
    labels: new Uint32Array(rows),
    height,
    width,
    channels,
  }
}

export const wholeNets: Readonly<Record<string, ModelDescription>> = {
  softmax: preset('softmax', 9),
  mlp: preset('mlp', 12, 1),
  'simple-conv': preset('simple-conv', 28, 1),
  'deep-convnet': preset('deep-convnet', 16),
  'photo-convnet': preset('photo-convnet', 32),
  resnet9: preset('resnet9', 16),
  'small-resnet': preset('small-resnet', 16),
  'a net that is asked about mirror images as well': { ...preset('resnet9', 12), mirrored: true },
  'a head on the features of a mobilenet': withFeatureHead(preset('mobilenet-v2-folded', 64)),
  'a net with every kind of layer': mixed,
  'a net with gates, marks and adaptive pools': mobile,
  ...flattened,
}
