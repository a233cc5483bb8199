// Pages in memory: what is missing of a range, what is out of date, and which are forgotten.

import { expect, it } from 'vitest'
import type { Photo } from '../../../src/contract/records.ts'
import { createPageCache, PAGE } from '../../../src/renderer/stores/library/photo-page-cache.ts'

const photos = (page: number) =>
  Array.from({ length: PAGE }, (_, i) => ({ id: page * PAGE + i, excluded: false }) as Photo)

function cacheOf(...pages: number[]) {
  const cache = createPageCache()
  for (const page of pages) cache.put(page, photos(page), page * PAGE)
  return cache
}

it('says which pages of a range are not there', () => {
  const cache = cacheOf(1, 3)
  expect(cache.missing(0, 5 * PAGE)).toEqual([0, 2, 4])
  expect(cache.missing(PAGE, 2 * PAGE), 'up to the end, which is not in it').toEqual([])
  expect([cache.missing(0, 0), cache.missing(-PAGE, 1)], 'at least the first, and none before it').toEqual([[0], [0]])
})

it('keeps what is out of date until it is read anew', () => {
  const cache = cacheOf(0, 1)
  cache.outdate()
  expect([cache.at(7)?.id, cache.missing(0, 2 * PAGE)]).toEqual([7, [0, 1]])
  cache.put(1, photos(1), 0)
  expect(cache.missing(0, 2 * PAGE)).toEqual([0])
  cache.clear()
  expect([cache.at(7), cache.missing(0, 2 * PAGE)]).toEqual([undefined, [0, 1]])
})

it('forgets the furthest of more than forty pages, which are then missing', () => {
  const cache = createPageCache()
  for (let page = 0; page < 41; page++) cache.put(page, photos(page), 30 * PAGE)
  expect([cache.at(0), cache.at(PAGE)?.id, cache.at(40 * PAGE)?.id]).toEqual([undefined, PAGE, 40 * PAGE])
  expect(cache.missing(0, 41 * PAGE)).toEqual([0])
})

it('changes the photos that are touched, wherever they are', () => {
  const cache = cacheOf(0, 5)
  cache.patch(
    ({ id }) => id % PAGE === 3,
    photo => ({ ...photo, excluded: true }),
  )
  expect([3, 4, 5 * PAGE + 3].map(index => cache.at(index)?.excluded)).toEqual([true, false, true])
})
