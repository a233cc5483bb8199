// Group and layer norm.

import { describe, expect, it } from 'vitest'
import { groupNorm, layerNorm } from '../../../src/core/ops/normalisation/group-norm.ts'
import type { Shape } from '../../../src/core/tensor/shape.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { expectTrueGradients, judge, type OpCase } from './harness.ts'

function normCase(x: Shape, groups?: number): OpCase {
  const channels = [x.at(-1)!]
  return {
    inputs: { x },
    parameters: { gamma: channels, beta: channels },
    build: t => {
      const options = { gamma: t.gamma!, beta: t.beta!, epsilon: 1e-5 }
      return groups ? groupNorm(t.x!, { ...options, groups }) : layerNorm(t.x!, options)
    },
  }
}

describe('group and layer norm', () => {
  const { compare } = judge()

  it.each<{ x: Shape; groups: number }>([
    { x: [1, 2, 2, 1], groups: 1 },
    { x: [2, 3, 5, 6], groups: 3 },
    { x: [3, 2, 2, 4], groups: 4 },
    { x: [2, 8], groups: 2 },
  ])('group norm $x in $groups', async ({ x, groups }) => {
    await expectTrueGradients(normCase(x, groups))
  })

  it.each<{ x: Shape }>([{ x: [1, 3] }, { x: [4, 7] }, { x: [2, 3, 2, 5] }])('layer norm $x', async ({ x }) => {
    await expectTrueGradients(normCase(x))
  })

  it('is the same on both devices for groups larger than a workgroup and sums in pieces', async () => {
    await compare(normCase([2, 11, 13, 18], 3))
    await compare(normCase([70, 300]))
    await compare(normCase([3, 2, 2, 4], 4))
  })

  it('says when the groups do not divide the channels', () => {
    const trace = new Trace({ training: true })
    const gamma = trace.parameter('gn.weight', [5], () => {}, { decay: false })
    expect(() => groupNorm(trace.tensor([1, 2, 2, 5]), { gamma, beta: gamma, epsilon: 1e-5, groups: 2 })).toThrow(
      'gn splits 5 channels into 2 groups, which leaves a rest.',
    )
  })
})
