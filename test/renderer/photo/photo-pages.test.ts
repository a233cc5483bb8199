// Pages of photos: asked for once, dropped when the question has changed, kept on screen while they are read anew,
// forgotten when far.

import { describe, expect, it } from 'vitest'
import type { Photo, PhotoFilter } from '../../../src/contract/records.ts'
import { PAGE } from '../../../src/renderer/stores/library/photo-page-cache.ts'
import { createPhotoPages } from '../../../src/renderer/stores/library/photo-pages.ts'
import { fakeClient } from '../fake-client.ts'

interface Asked {
  filter: PhotoFilter
  offset: number
  limit: number
}
const photo = (id: number, name = `photo ${id}`): Photo => ({
  id,
  name,
  folder: '',
  classId: null,
  className: null,
  split: null,
  excluded: false,
  usable: true,
  width: 1,
  height: 1,
  format: 'png',
  sizeBytes: 1,
  problems: [],
  prediction: null,
})

function library(total: number) {
  const held: (() => void)[] = []
  let hold = false
  let generation = 0
  const client = fakeClient({
    'photos.page': async ({ offset, limit }: Asked) => {
      if (hold) await new Promise<void>(resolve => held.push(resolve))
      const count = Math.max(0, Math.min(limit, total - offset))
      return {
        total,
        photos: Array.from({ length: count }, (_, i) => photo(offset + i, `${generation}:${offset + i}`)),
      }
    },
  })
  const errors: unknown[] = []
  const pages = createPhotoPages(client, error => errors.push(error))
  return {
    client,
    pages,
    errors,
    held,
    change: () => {
      generation++
    },
    hold: (on: boolean) => {
      hold = on
    },
  }
}

describe('pages of photos', () => {
  it('reads a page once, however often it is needed', async () => {
    const { client, pages } = library(1000)
    await pages.show({}, 'added')
    await Promise.all([pages.need(0, 50), pages.need(10, 60)])
    expect(client.calls).toHaveLength(1)
    expect(pages.at(7)?.id).toBe(7)
    expect(pages.at(PAGE)).toBeUndefined()
    expect(pages.total.value).toBe(1000)
  })

  it('reads what it has anew when a page tells of fewer photos', async () => {
    let total = 500
    const client = fakeClient({
      'photos.page': ({ offset, limit }: Asked) => ({
        total,
        photos: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, i) =>
          photo(offset + i, `of ${total}`),
        ),
      }),
    })
    const pages = createPhotoPages(client, error => {
      throw error
    })
    await pages.show({}, 'added')
    expect(pages.at(0)?.name).toBe('of 500')
    total = 3
    await pages.need(PAGE, PAGE + 1)
    await pages.need(0, 3)
    expect([pages.total.value, pages.at(0)?.name]).toEqual([3, 'of 3'])
  })

  it('drops the answer to a question that is no longer asked', async () => {
    const { pages, held, hold } = library(1000)
    hold(true)
    const first = pages.show({ classId: 1 }, 'added')
    hold(false)
    await pages.show({ classId: 2 }, 'added')
    const shown = pages.at(0)
    held.forEach(release => release())
    await first
    expect(pages.at(0)).toBe(shown)
  })

  it('keeps the old photos on screen while it reads them anew', async () => {
    const { pages, held, hold, change } = library(1000)
    await pages.show({}, 'added')
    change()
    hold(true)
    const done = pages.refresh()
    expect(pages.at(3)?.name).toBe('0:3')
    hold(false)
    held.forEach(release => release())
    await done
    expect(pages.at(3)?.name).toBe('1:3')
  })

  it('forgets far pages, so that 100,000 photos do not stay in memory', async () => {
    const { pages } = library(100_000)
    await pages.show({}, 'added')
    for (let first = 0; first < 60 * PAGE; first += PAGE) await pages.need(first, first + 50)
    expect(pages.at(0)).toBeUndefined()
    expect(pages.at(59 * PAGE)?.id).toBe(59 * PAGE)
  })

  it('shows a change before the service has said so', async () => {
    const { pages } = library(300)
    await pages.show({}, 'added')
    pages.patch(
      entry => entry.id === 5,
      entry => ({ ...entry, excluded: true }),
    )
    expect([pages.at(5)?.excluded, pages.at(6)?.excluded]).toEqual([true, false])
  })

  it('lists the ids of any range in requests the service takes', async () => {
    const { client, pages } = library(2500)
    await pages.show({}, 'added')
    const ids = await pages.ids(10, 2400)
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([2390, 10, 2399])
    expect(client.calls.every(call => (call.params as Asked).limit <= 1000)).toBe(true)
  })
})
