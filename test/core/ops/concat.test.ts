// Branches side by side, and their gradients apart again.

import { describe, expect, it } from 'vitest'
import { concat } from '../../../src/core/ops/concat.ts'
import { relu } from '../../../src/core/ops/relu.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { judge } from './harness.ts'

describe('concat', () => {
  const { check } = judge()

  it('has true gradients for one, two and three branches', async () => {
    await check({ inputs: { a: [2, 3, 4, 5] }, build: ({ a }) => concat([a!]) })
    await check({ inputs: { a: [1, 1, 1, 1], b: [1, 1, 1, 2] }, build: ({ a, b }) => concat([a!, b!]) })
    await check({
      inputs: { a: [2, 3, 1, 7], b: [2, 3, 1, 1], c: [2, 3, 1, 4] },
      build: ({ a, b, c }) => concat([a!, relu(b!), c!]),
    })
  })

  it('adds up the gradients of a tensor that is in it twice', async () => {
    await check({ inputs: { a: [3, 5] }, build: ({ a }) => concat([a!, relu(a!), a!]) })
  })

  it('says which shapes do not fit', () => {
    const trace = new Trace({ training: true })
    expect(() => concat([trace.tensor([1, 4, 4, 3]), trace.tensor([1, 2, 2, 3])])).toThrow(
      'Cannot put [1, 4, 4, 3] and [1, 2, 2, 3] side by side.',
    )
  })
})
