// GoogLeNet (Szegedy et al. 2014) as torchvision builds it: batch norm after every convolution, 3 x 3 instead of 5 x 5
// in the third branch, pools that round up, no auxiliary classifiers. torchvision's weights fit whatever the size.

import type { ConcatDescription, LayerDescription, PoolDescription } from '../description.ts'
import { layers } from '../layers.ts'

/** Filters of an inception block: 1 x 1; 1 x 1 before 3 x 3; 1 x 1 before the second 3 x 3; 1 x 1 after the pool. */
export type Inception = readonly [
  one: number,
  before3: number,
  three: number,
  before5: number,
  five: number,
  pooled: number,
]

const blocks: Readonly<Record<string, Inception>> = {
  inception3a: [64, 96, 128, 16, 32, 32],
  inception3b: [128, 128, 192, 32, 96, 64],
  inception4a: [192, 96, 208, 16, 48, 64],
  inception4b: [160, 112, 224, 24, 64, 64],
  inception4c: [128, 128, 256, 24, 64, 64],
  inception4d: [112, 144, 288, 32, 64, 64],
  inception4e: [256, 160, 320, 32, 128, 128],
  inception5a: [256, 160, 320, 32, 128, 128],
  inception5b: [384, 192, 384, 48, 128, 128],
}

export function googlenet(classes: number): LayerDescription[] {
  const block = (name: string) => inception(name, blocks[name]!)
  return [
    ...basic('conv1', 64, 7, 2),
    roundedUpPool(3),
    ...basic('conv2', 64, 1),
    ...basic('conv3', 192, 3),
    roundedUpPool(3),
    block('inception3a'),
    block('inception3b'),
    roundedUpPool(3),
    ...['a', 'b', 'c', 'd', 'e'].map(letter => block(`inception4${letter}`)),
    roundedUpPool(2),
    block('inception5a'),
    block('inception5b'),
    layers.globalAveragePool(),
    layers.dropout(0.2),
    layers.dense('fc', classes),
  ]
}

export function inception(name: string, [one, before3, three, before5, five, pooled]: Inception): ConcatDescription {
  return {
    type: 'concat',
    branches: [
      basic(`${name}.branch1`, one, 1),
      [...basic(`${name}.branch2.0`, before3, 1), ...basic(`${name}.branch2.1`, three, 3)],
      [...basic(`${name}.branch3.0`, before5, 1), ...basic(`${name}.branch3.1`, five, 3)],
      [layers.maxPool(3, { stride: 1, pad: 1 }), ...basic(`${name}.branch4.1`, pooled, 1)],
    ],
  }
}

/** torchvision's BasicConv2d: convolution without bias, batch norm with epsilon 0.001, ReLU. */
function basic(name: string, filters: number, size: number, stride = 1): LayerDescription[] {
  return [
    layers.conv2d(`${name}.conv`, filters, size, { stride, bias: false }),
    { type: 'batch-norm', name: `${name}.bn`, epsilon: 1e-3, momentum: 0.1 },
    layers.relu(),
  ]
}

/** A pool of stride 2 whose last window may hang over the edge: padding at the bottom and right alone. */
function roundedUpPool(size: number): PoolDescription {
  return { type: 'max-pool', size: [size, size], stride: [2, 2], padding: [0, 0, 1, 1] }
}
