// Layers whose shapes do not fit: the sentence names the layer and both shapes, also in a block whose ways or branches
// part.

import { describe, expect, it } from 'vitest'
import { forward } from '../../../src/core/nn/build.ts'
import type { Conv2dDescription, LayerDescription } from '../../../src/core/nn/description.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { describeModel } from '../io/models.ts'

const conv = (name: string, more: Partial<Conv2dDescription> = {}): Conv2dDescription => ({
  type: 'conv2d',
  name,
  filters: 4,
  kernel: [3, 3],
  stride: [1, 1],
  padding: [1, 1, 1, 1],
  dilation: [1, 1],
  groups: 1,
  bias: true,
  ...more,
})
const build =
  (...layers: LayerDescription[]) =>
  () =>
    forward(
      describeModel(
        [...layers, { type: 'global-average-pool' }, { type: 'dense', name: 'fc', units: 3, bias: true }],
        3,
      ),
      new Trace({ training: true }).tensor([2, 8, 8, 3]),
    )

describe('a layer that does not fit', () => {
  it.each<[string, LayerDescription[], string]>([
    [
      'a residual whose body strides',
      [
        conv('stem'),
        { type: 'residual', body: [conv('layer1.0.conv1', { stride: [2, 2] }), conv('layer1.0.conv2')], shortcut: [] },
      ],
      'Layer residual of layer1.0.conv1, layer1.0.conv2: Cannot add [2, 4, 4, 4] and [2, 8, 8, 4].',
    ],
    [
      'branches of different sizes',
      [{ type: 'concat', branches: [[conv('left')], [conv('right', { stride: [2, 2] })]] }],
      'Layer concat of left, right: Cannot put [2, 8, 8, 4] and [2, 4, 4, 4] side by side.',
    ],
    [
      'a block inside a block',
      [
        {
          type: 'residual',
          body: [{ type: 'concat', branches: [[conv('a')], [conv('b', { padding: [0, 0, 0, 0] })]] }],
          shortcut: [],
        },
      ],
      'Layer concat of a, b: Cannot put [2, 8, 8, 4] and [2, 6, 6, 4] side by side.',
    ],
    [
      'a pool larger than its input',
      [conv('stem'), { type: 'max-pool', size: [9, 9], stride: [1, 1], padding: [0, 0, 0, 0] }],
      'Layer max-pool: A pool of 9 x 9 does not fit its input [2, 8, 8, 4].',
    ],
    [
      'a filter larger than its input',
      [conv('stem', { kernel: [11, 11], padding: [0, 0, 0, 0] })],
      'stem.weight [11, 11, 3, 4] does not fit its input [2, 8, 8, 3]',
    ],
    ['a dense layer on an image', [{ type: 'dense', name: 'early', units: 3, bias: true }], 'early'],
  ])('%s', (_name, layers, sentence) => {
    expect(build(...layers)).toThrow(sentence)
    expect(build(...layers)).toThrow(expect.objectContaining({ code: 'shape-mismatch' }))
  })

  it.each<[string, LayerDescription, string]>([
    [
      'a dropout of everything',
      { type: 'dropout', rate: 1 },
      'A dropout has the rate 1, which leaves nothing to learn from.',
    ],
    ['a concat of nothing', { type: 'concat', branches: [] }, 'A concat has no branches.'],
  ])('%s is no layer', (_name, layer, sentence) => {
    expect(build(layer)).toThrow(expect.objectContaining({ code: 'bad-model', message: sentence }))
  })
})
