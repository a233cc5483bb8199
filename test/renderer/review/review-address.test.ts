// The address of Review: every state there and back, and nonsense is left out.

import { describe, expect, it } from 'vitest'
import { photosOf, readAddress } from '../../../src/renderer/views/review-address.ts'

describe('the address of review', () => {
  it('begins with suspects to decide and numbers of validation', () => {
    expect(readAddress({})).toEqual({
      list: 'open',
      split: 'validation',
      panel: null,
      cell: null,
      evidenceId: null,
      photoId: null,
      without: false,
      folds: false,
      before: null,
    })
  })

  it('reads a cell, a list, a panel and a photo', () => {
    const address = readAddress({
      givenClassId: '3',
      predictedClassId: '5',
      of: 'test',
      photo: '12',
      evidence: '4',
      show: 'compare',
      before: '2',
      without: '1',
      folds: '1',
      list: 'wrong',
    })
    expect(address).toEqual({
      list: 'wrong',
      split: 'test',
      panel: 'compare',
      cell: { given: 3, predicted: 5 },
      evidenceId: 4,
      photoId: 12,
      without: true,
      folds: true,
      before: 2,
    })
    expect(photosOf(address)).toEqual({ givenClassId: 3, predictedClassId: 5, runSplit: 'test' })
  })

  it('leaves out what makes no sense', () => {
    expect(
      readAddress({
        list: 'all',
        of: 'none',
        show: 'everything',
        photo: '-1',
        givenClassId: 'none',
        predictedClassId: '5',
        evidence: ['1', '2'],
      }),
    ).toEqual(readAddress({}))
    expect(photosOf(readAddress({}))).toEqual({ wrong: true })
  })
})
