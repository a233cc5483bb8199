// Shares of a confusion matrix: of each row, of each column; an empty class has none. And what is mixed up most.

import { describe, expect, it } from 'vitest'
import { confusionShares, mixUps } from '../../../src/renderer/charts/confusion.ts'

const counts = [
  [8, 2, 0],
  [1, 3, 0],
  [0, 0, 0],
]

describe('shares of a confusion matrix', () => {
  it('are of the row, so that each label adds up to one', () => {
    expect(confusionShares(counts, 'row')).toEqual([
      [0.8, 0.2, 0],
      [0.25, 0.75, 0],
      [0, 0, 0],
    ])
    expect(confusionShares(counts, 'counts')).toEqual(confusionShares(counts, 'row'))
  })

  it('are of the column, so that each answer adds up to one', () => {
    expect(confusionShares(counts, 'column')).toEqual([
      [8 / 9, 2 / 5, 0],
      [1 / 9, 3 / 5, 0],
      [0, 0, 0],
    ])
  })
})

describe('mix-ups of a confusion matrix', () => {
  it('are told the most frequent first, without what was right', () => {
    expect(
      mixUps([
        [8, 2, 0],
        [3, 3, 1],
        [0, 0, 0],
      ]),
    ).toEqual([
      { given: 1, predicted: 0, count: 3 },
      { given: 0, predicted: 1, count: 2 },
      { given: 1, predicted: 2, count: 1 },
    ])
  })
})
