// The rules of review without a page: where a queue begins and goes on, what is counted of it, and where its next piece is
// read from.

import { describe, expect, it } from 'vitest'
import type { ProblemCode } from '../../../src/contract/records.ts'
import { nextOffset } from '../../../src/renderer/stores/review/review-items.ts'
import type { ReviewItem, ReviewSource, Verdict } from '../../../src/renderer/stores/review/review-items.ts'
import {
  joined,
  nextOpen,
  firstToShow,
  problemsOf,
  countsOf,
  withProblem,
} from '../../../src/renderer/stores/review/review-list.ts'

const item = (id: number, verdict: Verdict | null = null, ...codes: ProblemCode[]) =>
  ({ photo: { id, problems: codes.map(code => ({ code })) }, verdict }) as unknown as ReviewItem
const ids = (items: readonly ReviewItem[]) => items.map(({ photo }) => photo.id)

describe('a list under review', () => {
  const items = [
    item(5, 'kept'),
    item(6, 'excluded', 'dark'),
    item(7, null, 'blurry'),
    item(8, 'kept', 'blurry', 'dark'),
    item(9, null, 'dark'),
  ]

  it('begins at the photo that is named, else at the first without an answer, else at its own first', () => {
    expect([firstToShow(items, 8), firstToShow(items, 55), firstToShow(items, null)]).toEqual([3, 2, 2])
    expect([firstToShow(items.slice(0, 2), null), firstToShow([], null)]).toEqual([0, 0])
  })

  it('goes on to the next without an answer, else to the next, and stays at the last', () => {
    expect([nextOpen(items, 0), nextOpen(items, 2), nextOpen(items.slice(0, 2), 0), nextOpen(items, 4)]).toEqual([
      2, 4, 1, 4,
    ])
  })

  it('counts its answers and its other problems, the most frequent first', () => {
    expect(countsOf(items)).toEqual({ relabelled: 0, kept: 2, excluded: 1, unsure: 0 })
    expect(problemsOf(items)).toEqual([
      ['dark', 3],
      ['blurry', 2],
    ])
    expect(ids(withProblem(items, 'blurry'))).toEqual([7, 8])
  })

  it('takes in what is new of another piece, at its end', () => {
    expect(ids(joined(items, [item(9), item(4)]))).toEqual([5, 6, 7, 8, 9, 4])
  })

  it('is read on from where the service counts: what was decided has left the open suspects, and no other list', () => {
    const suspects = (state: 'open' | 'decided'): ReviewSource => ({ kind: 'suspects', runId: 1, evidenceId: 7, state })
    expect([
      nextOffset(suspects('open'), items),
      nextOffset(suspects('decided'), items),
      nextOffset({ kind: 'photos', runId: 1, filter: {} }, items),
    ]).toEqual([2, 5, 5])
  })
})
