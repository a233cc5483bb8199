// A filter survives the address: there and back it is the same, and an address that makes no sense is read as far as it
// does.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterOf, queryOf, sortOf } from '../../../src/renderer/stores/library/filter-query.ts'

const filters = fc.record(
  {
    classId: fc.option(fc.integer({ min: 1, max: 999 })),
    split: fc.option(fc.constantFrom('train' as const, 'validation' as const, 'test' as const)),
    problem: fc.constantFrom('any' as const, 'dark' as const, 'truncated' as const),
    excluded: fc.boolean(),
    usable: fc.boolean(),
    wrong: fc.boolean(),
    text: fc.string({ minLength: 1, maxLength: 40 }),
    runId: fc.nat(),
    givenClassId: fc.nat(),
    predictedClassId: fc.nat(),
    runSplit: fc.constantFrom('train' as const, 'validation' as const, 'test' as const),
    confidenceFrom: fc.double({ min: 0, max: 1, noNaN: true }),
    confidenceBelow: fc.constantFrom(0.5, 1),
  },
  { requiredKeys: [] },
)

describe('a filter in an address', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(filters, filter => {
        expect(filterOf(queryOf(filter))).toEqual(filter)
      }),
    )
  })
  it('is read as far as it makes sense', () => {
    expect(filterOf({ classId: 'x', split: 'sideways', problem: 'dark', photo: '3', excluded: 'true' })).toEqual({
      problem: 'dark',
      excluded: true,
    })
  })
  it('falls back to a known order', () => {
    expect([sortOf('name', 'added'), sortOf('size', 'added'), sortOf(undefined, 'class')]).toEqual([
      'name',
      'added',
      'class',
    ])
  })
})
