// The summary by hand for a small net, and what it says of layers that do not fit.

import { describe, expect, it } from 'vitest'
import type { LayerDescription, ModelDescription } from '../../../src/core/nn/description.ts'
import { layers } from '../../../src/core/nn/layers.ts'
import { summarise } from '../../../src/core/nn/summary.ts'

function model(...layers: readonly LayerDescription[]): ModelDescription {
  return {
    format: 'winnow-model',
    version: 1,
    preset: 'test',
    input: { height: 8, width: 6, channels: 3 },
    normalise: { mean: [0, 0, 0], std: [1, 1, 1] },
    classes: ['a', 'b'],
    layers,
  }
}

describe('summarise', () => {
  it('counts a small net', () => {
    const { layers: costs, ...totals } = summarise(
      model(layers.conv2d('conv1', 4, 3), layers.relu(), layers.maxPool(2), layers.flatten(), layers.dense('fc', 2)),
    )
    expect(costs.map(({ name, shape, parameters, multiplyAdds }) => [name, shape, parameters, multiplyAdds])).toEqual([
      ['conv1', [8, 6, 4], 112, 8 * 6 * 4 * 27],
      ['relu', [8, 6, 4], 0, 0],
      ['max-pool', [4, 3, 4], 0, 0],
      ['flatten', [48], 0, 0],
      ['fc', [2], 98, 96],
    ])
    expect(totals).toEqual({
      parameters: 210,
      multiplyAdds: 5184 + 96,
      parameterBytes: 840,
      activationBytes: 4 * (192 + 192 + 48 + 48 + 2),
    })
  })

  it('counts no bias where a layer has none', () => {
    const counted = (bias: boolean) => summarise(model(layers.flatten(), layers.dense('fc', 2, { bias }))).parameters
    expect(counted(true) - counted(false)).toBe(2)
  })

  it('knows branches and depthwise filters', () => {
    const { layers: costs } = summarise(
      model(layers.concat([layers.conv2d('a', 5, 1)], []), layers.residual([layers.conv2d('b', 8, 3, { groups: 8 })])),
    )
    expect(costs.map(({ name, shape, parameters }) => [name, shape, parameters])).toEqual([
      ['a', [8, 6, 5], 20],
      ['concat', [8, 6, 8], 0],
      ['b', [8, 6, 8], 80],
      ['residual', [8, 6, 8], 0],
    ])
  })

  it.each<[string, LayerDescription[], string]>([
    ['a window', [layers.maxPool(7)], 'max-pool does not fit: it has a window of 7 x 7, which does not fit [8, 6, 3].'],
    ['an image', [layers.dense('fc', 2)], 'fc does not fit: it takes values in a row but gets [8, 6, 3].'],
    [
      'values',
      [layers.flatten(), layers.conv2d('conv1', 2, 3)],
      'conv1 does not fit: it takes an image but gets [144].',
    ],
    ['a shortcut', [layers.residual([layers.conv2d('a', 2, 3)])], 'body gives [8, 6, 2] but shortcut [8, 6, 3]'],
  ])('names %s that does not fit', (_, layers, sentence) => {
    expect(() => summarise(model(...layers))).toThrow(sentence)
  })
})
