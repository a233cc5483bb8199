// Convolution, forward and backward, over shapes that fit no tile: finite differences judge the references, the
// references judge the shaders.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conv2d, type Conv2dOptions } from '../../../src/core/ops/products/conv2d.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { judge, type OpCase } from './harness.ts'

interface ConvCase extends Omit<Conv2dOptions, 'bias'> {
  readonly x: readonly [number, number, number, number]
  /** Filters and their height and width. */
  readonly w: readonly [filters: number, height: number, width: number]
  readonly bias?: boolean
}

function convCase({ x, w: [K, R, S], bias = false, ...options }: ConvCase): OpCase {
  return {
    inputs: { x },
    parameters: { w: [R, S, x[3] / (options.groups ?? 1), K], ...(bias && { b: [K] }) },
    build: tensors => conv2d(tensors.x!, tensors.w!, { ...options, ...(bias && { bias: tensors.b! }) }),
  }
}

describe('conv2d', () => {
  const { check, compare } = judge()

  it.each<[string, ConvCase]>([
    ['one value', { x: [1, 1, 1, 1], w: [1, 1, 1] }],
    ['1 x 1 filters', { x: [2, 3, 5, 7], w: [6, 1, 1] }],
    ['3 x 3, padded', { x: [2, 5, 7, 3], w: [5, 3, 3], padding: [1, 1, 1, 1], bias: true }],
    ['5 x 5 larger than the photo', { x: [1, 3, 2, 2], w: [3, 5, 5], padding: [2, 2, 2, 2] }],
    ['stride 2, odd', { x: [3, 7, 5, 4], w: [8, 3, 3], padding: [1, 1, 1, 1], stride: [2, 2] }],
    ['stride 2 that leaves a row unread', { x: [1, 6, 6, 2], w: [3, 3, 3], stride: [2, 2] }],
    ['unequal strides', { x: [1, 6, 7, 2], w: [3, 2, 3], stride: [1, 3] }],
    [
      'unequal strides in fours, where bands have different taps',
      { x: [3, 7, 8, 5], w: [4, 5, 3], stride: [2, 3], padding: [2, 0, 1, 3] },
    ],
    ['strides past the filter, where some bands have no taps', { x: [2, 5, 4, 3], w: [8, 1, 1], stride: [3, 2] }],
    ['padding on one side', { x: [2, 4, 5, 3], w: [4, 3, 2], padding: [0, 2, 1, 0], bias: true, relu: true }],
    ['dilation', { x: [1, 7, 8, 2], w: [3, 3, 3], dilation: [2, 3], padding: [2, 3, 2, 3] }],
    ['groups', { x: [2, 4, 4, 6], w: [9, 3, 3], groups: 3, padding: [1, 1, 1, 1], bias: true }],
    ['depthwise', { x: [2, 5, 4, 5], w: [5, 3, 3], groups: 5, padding: [1, 1, 1, 1], stride: [2, 1] }],
    ['bias and ReLU', { x: [3, 4, 4, 4], w: [17, 3, 3], padding: [1, 1, 1, 1], bias: true, relu: true }],
  ])('%s', async (_, test) => {
    await check(convCase(test))
  })

  it('is the same on both devices where a photo, a filter bank and a batch end within a tile', async () => {
    await compare(convCase({ x: [5, 9, 11, 33], w: [35, 3, 3], padding: [1, 1, 1, 1], bias: true, relu: true }))
    await compare(convCase({ x: [1, 17, 17, 3], w: [64, 7, 7], padding: [3, 3, 3, 3], stride: [2, 2] }))
    await compare(convCase({ x: [9, 4, 4, 65], w: [31, 1, 1] }))
  })

  it('has true gradients whatever the shape', async () => {
    await fc.assert(
      fc.asyncProperty(anyConv(), async test => check(convCase(test))),
      { numRuns: 10, seed: 3 },
    )
  })

  it('names the weight and both shapes when they do not fit', () => {
    const trace = new Trace({ training: true })
    const w = trace.parameter('conv1.weight', [3, 3, 4, 8], () => {}, { decay: true })
    expect(() => conv2d(trace.tensor([1, 8, 8, 3]), w)).toThrow(
      'conv1.weight [3, 3, 4, 8] does not fit its input [1, 8, 8, 3]: with 1 group the channels do not match.',
    )
    expect(() => conv2d(trace.tensor([1, 2, 8, 4]), w)).toThrow('its output would be 0 x 6')
    expect(() => conv2d(trace.tensor([8, 4]), w)).toThrow('conv1.weight takes a tensor of [N, H, W, C] but got [8, 4].')
  })
})

function anyConv(): fc.Arbitrary<ConvCase> {
  const small = (min: number, max: number) => fc.integer({ min, max })
  const pair = (min: number, max: number) => fc.tuple(small(min, max), small(min, max))
  return fc
    .record({
      n: small(1, 3),
      size: pair(1, 6),
      perGroup: pair(1, 3),
      filter: pair(1, 4),
      groups: small(1, 3),
      stride: pair(1, 3),
      dilation: pair(1, 2),
      padding: fc.tuple(small(0, 2), small(0, 2), small(0, 2), small(0, 2)),
      bias: fc.boolean(),
      relu: fc.boolean(),
    })
    .filter(({ size, filter, dilation, padding }) =>
      [0, 1].every(axis => size[axis]! + padding[axis]! + padding[axis + 2]! > dilation[axis]! * (filter[axis]! - 1)),
    )
    .map(({ n, size, perGroup, filter, groups, ...options }) => ({
      x: [n, ...size, perGroup[0] * groups] as const,
      w: [perGroup[1] * groups, ...filter] as const,
      groups,
      ...options,
    }))
}
