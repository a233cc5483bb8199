// Pools, forward and backward.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averagePool } from '../../../src/core/ops/pooling/average-pool.ts'
import { globalAveragePool } from '../../../src/core/ops/pooling/global-average-pool.ts'
import { maxPool } from '../../../src/core/ops/pooling/max-pool.ts'
import type { PoolOptions } from '../../../src/core/ops/pooling/pool.ts'
import { createReferenceDevice } from '../../../src/core/index.ts'
import type { Shape } from '../../../src/core/tensor/shape.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { judge, runOp, type OpCase } from './harness.ts'

const pools = { 'max pool': maxPool, 'average pool': averagePool }

describe.each(Object.entries(pools))('%s', (_, pool) => {
  const { check } = judge()
  const poolCase = (x: Shape, options: PoolOptions): OpCase => ({
    inputs: { x },
    build: tensors => pool(tensors.x!, options),
  })

  it.each<[Shape, PoolOptions]>([
    [[1, 1, 1, 1], { size: [1, 1] }],
    [[2, 4, 6, 3], { size: [2, 2] }],
    [[1, 5, 7, 2], { size: [2, 2] }],
    [[2, 5, 5, 3], { size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] }],
    [[1, 7, 4, 5], { size: [3, 2], stride: [1, 1] }],
    [[1, 4, 4, 2], { size: [3, 3], stride: [2, 2], padding: [0, 0, 1, 1] }],
    [[1, 6, 5, 2], { size: [2, 2], stride: [3, 3] }],
  ])('%j %j', async (x, options) => {
    await check(poolCase(x, options))
  })

  it('has true gradients whatever the shape', async () => {
    const small = (min: number, max: number) => fc.integer({ min, max })
    const shapes = fc
      .record({
        x: fc.tuple(small(1, 2), small(3, 8), small(3, 8), small(1, 5)),
        size: fc.tuple(small(1, 3), small(1, 3)),
        stride: fc.tuple(small(1, 3), small(1, 3)),
        pad: small(0, 1),
      })
      .filter(({ size, pad }) => size[0] > pad && size[1] > pad)
    await fc.assert(
      fc.asyncProperty(shapes, ({ x, size, stride, pad }) =>
        check(poolCase(x, { size, stride, padding: [pad, pad, 0, pad] })),
      ),
      { numRuns: 8, seed: 2 },
    )
  })

  it('says when its window does not fit', () => {
    expect(() => pool(new Trace({ training: true }).tensor([1, 2, 2, 3]), { size: [3, 3] })).toThrow(
      'A pool of 3 x 3 does not fit its input [1, 2, 2, 3].',
    )
  })
})

describe('max pool', () => {
  it('gives the gradient to the first of equal values', async () => {
    const results = await runOp(createReferenceDevice(), {
      inputs: { x: [1, 2, 2, 1] },
      build: ({ x }) => maxPool(x!, { size: [2, 2] }),
      value: name => (name === 'dy' ? 3 : 1),
    })
    expect([...results.get('d.x')!]).toEqual([3, 0, 0, 0])
  })
})

describe('global average pool', () => {
  const { check } = judge()

  it.each([[[1, 1, 1, 1]], [[3, 5, 2, 7]], [[2, 1, 9, 33]]])('%j', async shape => {
    await check({ inputs: { x: shape }, build: ({ x }) => globalAveragePool(x!) })
  })
})
