// Every layer type in a net of three classes, with made-up weights: what the tests of the exports go through.

import type { Conv2dDescription, LayerDescription } from '../../../src/core/nn/description.ts'
import { describeModel, makeWeights } from './models.ts'

type Shapes = Record<string, readonly number[]>

export const conv: Conv2dDescription = {
  type: 'conv2d',
  name: 'conv',
  filters: 4,
  kernel: [3, 3],
  stride: [1, 1],
  padding: [1, 1, 1, 1],
  dilation: [1, 1],
  groups: 1,
  bias: true,
}
const convShapes: Shapes = { 'conv.weight': [4, 3, 3, 3], 'conv.bias': [4] }
/** `layers` between nothing and a dense layer of three classes; `flat` is the number of values that reach it. */
function closed(layers: readonly LayerDescription[], flat: number, shapes: Shapes) {
  const model = describeModel([...layers, { type: 'flatten' }, { type: 'dense', name: 'fc', units: 3, bias: true }], 3)
  return { model, weights: makeWeights({ ...shapes, 'fc.weight': [3, flat], 'fc.bias': [3] }) }
}

const activation = (type: 'relu' | 'leaky-relu' | 'gelu' | 'silu' | 'sigmoid' | 'tanh') =>
  closed([conv, { type }], 256, convShapes)
const batchNormShapes = { 'norm.weight': [4], 'norm.bias': [4], 'norm.running_mean': [4], 'norm.running_var': [4] }

export const layerCases = {
  'dense without bias': {
    model: describeModel([{ type: 'flatten' }, { type: 'dense', name: 'fc', units: 3, bias: false }], 3),
    weights: makeWeights({ 'fc.weight': [3, 192] }),
  },
  convolution: closed([conv], 256, convShapes),
  'convolution with uneven padding, stride and no bias': closed(
    [{ ...conv, kernel: [3, 2], padding: [0, 1, 2, 0], stride: [2, 1], bias: false }],
    4 * 4 * 8,
    { 'conv.weight': [4, 3, 3, 2] },
  ),
  'convolution with dilation': closed([{ ...conv, dilation: [2, 3], padding: [2, 3, 2, 3] }], 256, convShapes),
  'convolution in groups': closed([{ ...conv, filters: 6, groups: 3 }], 384, {
    'conv.weight': [6, 1, 3, 3],
    'conv.bias': [6],
  }),
  'batch norm': closed([conv, { type: 'batch-norm', name: 'norm', epsilon: 1e-3, momentum: 0.1 }], 256, {
    ...convShapes,
    ...batchNormShapes,
  }),
  'group norm': closed([conv, { type: 'group-norm', name: 'norm', groups: 2, epsilon: 1e-3 }], 256, {
    ...convShapes,
    'norm.weight': [4],
    'norm.bias': [4],
  }),
  'layer norm of an image': closed([conv, { type: 'layer-norm', name: 'norm', epsilon: 1e-3 }], 256, {
    ...convShapes,
    'norm.weight': [4],
    'norm.bias': [4],
  }),
  'layer norm of values': closed(
    [conv, { type: 'global-average-pool' }, { type: 'layer-norm', name: 'norm', epsilon: 1e-3 }],
    4,
    { ...convShapes, 'norm.weight': [4], 'norm.bias': [4] },
  ),
  'group norm in a row': closed(
    [{ type: 'flatten' }, { type: 'group-norm', name: 'gn', groups: 6, epsilon: 1e-3 }],
    192,
    { 'gn.weight': [192], 'gn.bias': [192] },
  ),
  'maximum pool with padding': closed(
    [conv, { type: 'max-pool', size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] }],
    64,
    convShapes,
  ),
  'average pool with uneven padding': closed(
    [conv, { type: 'average-pool', size: [3, 2], stride: [2, 2], padding: [1, 0, 0, 1] }],
    4 * 4 * 4,
    convShapes,
  ),
  'global average pool': closed([conv, { type: 'global-average-pool' }], 4, convShapes),
  relu: activation('relu'),
  'leaky relu': activation('leaky-relu'),
  gelu: activation('gelu'),
  silu: activation('silu'),
  sigmoid: activation('sigmoid'),
  tanh: activation('tanh'),
  'dropout does nothing': closed([{ type: 'dropout', rate: 0.5 }], 192, {}),
  'residual with itself': closed([conv, { type: 'residual', body: [{ type: 'tanh' }], shortcut: [] }], 256, convShapes),
  'residual with a projection': closed(
    [
      {
        type: 'residual',
        body: [conv, { type: 'relu' }],
        shortcut: [{ ...conv, name: 'short', kernel: [1, 1], padding: [0, 0, 0, 0], bias: false }],
      },
    ],
    256,
    { ...convShapes, 'short.weight': [4, 3, 1, 1] },
  ),
  concat: closed([{ type: 'concat', branches: [[conv], [], [{ type: 'sigmoid' }]] }], 10 * 64, convShapes),
  'one channel': {
    model: describeModel([{ type: 'flatten' }, { type: 'dense', name: 'fc', units: 2, bias: true }], 2, {
      height: 5,
      width: 7,
      channels: 1,
    }),
    weights: makeWeights({ 'fc.weight': [2, 35], 'fc.bias': [2] }),
  },
}
