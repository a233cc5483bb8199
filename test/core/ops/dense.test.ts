// The fully connected layer and the sums of its bias gradient.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dense } from '../../../src/core/ops/products/dense.ts'
import { reshape } from '../../../src/core/ops/reshape.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { judge, type OpCase } from './harness.ts'

function denseCase(
  n: number,
  f: number,
  units: number,
  options: { readonly bias?: boolean; readonly relu?: boolean } = {},
): OpCase {
  const { bias = false, relu = false } = options
  return {
    inputs: { x: [n, f] },
    parameters: { w: [f, units], ...(bias && { b: [units] }) },
    build: ({ x, w, b }) => dense(x!, w!, { relu, ...(b && { bias: b }) }),
  }
}

describe('dense', () => {
  const { check, compare } = judge()

  it.each([
    [1, 1, 1, {}],
    [1, 7, 3, { bias: true }],
    [5, 3, 1, { bias: true, relu: true }],
    [3, 17, 10, { bias: true, relu: true }],
    [9, 5, 33, {}],
  ] as const)('[%i %i] times [%i] units %j', async (n, f, units, options) => {
    await check(denseCase(n, f, units, options))
  })

  it('is the same on both devices across the edges of tiles and of partial sums', async () => {
    await compare(denseCase(65, 130, 67, { bias: true, relu: true }))
    await compare(denseCase(129, 33, 10, { bias: true }))
  })

  it('has true gradients whatever the shape', async () => {
    const size = fc.integer({ min: 1, max: 9 })
    await fc.assert(
      fc.asyncProperty(size, size, size, fc.boolean(), fc.boolean(), (n, f, units, bias, relu) =>
        check(denseCase(n, f, units, { bias, relu })),
      ),
      { numRuns: 6, seed: 5 },
    )
  })

  it("takes a flattened photo and gives its gradient back in the photo's shape", async () => {
    await check({
      inputs: { x: [2, 3, 2, 4] },
      parameters: { w: [24, 5] },
      build: ({ x, w }) => dense(reshape(x!, [2, 24]), w!),
    })
  })

  it('says which shapes do not fit', () => {
    const trace = new Trace({ training: true })
    const w = trace.parameter('fc1.weight', [4, 8], () => {}, { decay: true })
    expect(() => dense(trace.tensor([2, 5]), w)).toThrow('fc1.weight is [4, 8] but its input is [2, 5].')
    expect(() => reshape(trace.tensor([2, 5]), [3, 3])).toThrow('[2, 5] cannot be seen as [3, 3].')
  })
})
