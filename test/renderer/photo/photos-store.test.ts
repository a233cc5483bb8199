// The list of photos as a store: it begins at a photo that is named, and when it is read anew the focus stays with its
// photo, or with the one that took its place.

import { describe, expect, it } from 'vitest'
import type { Photo } from '../../../src/contract/records.ts'
import { usePhotosStore } from '../../../src/renderer/stores/library/photos.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage } from '../in-page.ts'

const photo = (id: number): Photo => ({
  id,
  name: `photo ${id}`,
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

function library(ids: readonly number[]) {
  let list = ids
  const client = fakeClient({
    'photos.page': ({ offset, limit }: { offset: number; limit: number }) => ({
      total: list.length,
      photos: list.slice(offset, offset + limit).map(photo),
    }),
    'photos.place': ({ photoId }: { photoId: number }) => ({
      index: list.includes(photoId) ? list.indexOf(photoId) : null,
    }),
  })
  return {
    store: inPage(client, usePhotosStore),
    leave: (id: number) => {
      list = list.filter(other => other !== id)
    },
  }
}

describe('the list of photos', () => {
  it('begins at the photo that is named, wherever it stands, and at the first where it is not in the list', async () => {
    const { store } = library(Array.from({ length: 1000 }, (_, i) => i + 1))
    expect(await store.show({}, 'added', 777)).toBe(true)
    expect([store.focus, store.focused?.id]).toEqual([776, 777])
    await store.show({ split: 'test' }, 'added', 5000)
    expect([store.focus, store.focused?.id]).toEqual([0, 1])
  })

  it('says which question was the last', async () => {
    const { store } = library([1, 2, 3])
    expect(await Promise.all([store.show({ split: 'test' }, 'added', 2), store.show({}, 'added', 3)])).toEqual([
      false,
      true,
    ])
    expect(store.focused?.id).toBe(3)
  })

  it('selects a far range only while its list is shown and nothing else was chosen', async () => {
    const { store } = library(Array.from({ length: 5000 }, (_, i) => i + 1))
    await store.show({}, 'added')
    const far = store.selectTo(4999)
    await store.show({ split: 'test' }, 'added')
    await far
    expect(store.selectedCount, 'photos of a list that is left').toBe(0)
    const everything = store.selectTo(4999)
    await store.selectTo(2)
    await everything
    expect(store.selectedCount, 'the newer range').toBe(3)
    await store.selectTo(4999)
    expect(store.selectedCount).toBe(5000)
  })

  it('decides about all but some in one question, which no other list can get into', async () => {
    const { store } = library([1, 2, 3])
    await store.show({ split: 'train' }, 'added')
    store.selectAll()
    store.toggle(1)
    expect(store.target()).toEqual({ filter: { split: 'train' }, except: [2] })
    expect(store.target(true), 'the one that is viewed').toEqual({ ids: [2] })
  })

  it('acts on the photo with the focus where nothing is selected, and not on more photos than the service takes one by one', async () => {
    const { store } = library(Array.from({ length: 10_001 }, (_, i) => i + 1))
    await store.show({}, 'added')
    store.focusOn(5)
    expect(store.target()).toEqual({ ids: [6] })
    store.selectOnly(0)
    await store.selectTo(9_999)
    expect(store.target()).toMatchObject({ ids: { length: 10_000 } })
    await store.selectTo(10_000)
    expect(() => store.target()).toThrow(expect.objectContaining({ code: 'selection-too-large' }))
  })

  it('keeps the focus on its photo when one before it leaves, and on what follows when it leaves itself', async () => {
    const { store, leave } = library([10, 20, 30, 40])
    await store.show({}, 'added', 30)
    leave(10)
    await store.refresh()
    expect([store.focus, store.focused?.id]).toEqual([1, 30])
    leave(30)
    await store.refresh()
    expect(store.focused?.id).toBe(40)
    leave(40)
    await store.refresh()
    expect(store.focused?.id).toBe(20)
  })

  it('has one photo for the ring, the panel and the next key after a click and an arrow', async () => {
    const { store } = library([1, 2, 3, 4])
    await store.show({}, 'added')
    store.selectOnly(1)
    store.moveTo(2)
    expect([store.focused?.id, store.target(), store.alone]).toEqual([3, { ids: [3] }, true])
    store.toggle(0)
    store.moveTo(3)
    expect([store.target(), store.alone], 'what was marked one by one stays, and says so').toEqual([
      { ids: [1] },
      false,
    ])
  })

  it('forgets the selection of a photo that has left the list', async () => {
    const { store, leave } = library([1, 2, 3])
    await store.show({}, 'added')
    store.selectOnly(1)
    leave(2)
    await store.refresh()
    expect([store.selectedCount, store.focused?.id, store.target()]).toEqual([0, 3, { ids: [3] }])
  })

  it('knows the photo with the focus however far the list is scrolled, and moves with it at once', async () => {
    const { store, leave } = library(Array.from({ length: 20_000 }, (_, i) => i + 1))
    await store.show({}, 'added', 150)
    for (let first = 0; first < 20_000; first += 200) await store.need(first, first + 200)
    expect(store.focused?.id, 'while far pages are forgotten').toBe(150)
    leave(7)
    const under: (number | undefined)[] = []
    const reading = store.refresh()
    const noted = setInterval(() => under.push(store.focused?.id), 0)
    await reading
    clearInterval(noted)
    expect([...new Set([...under, store.focused?.id])], 'at no moment another photo').toEqual([150])
    expect(store.focus).toBe(148)
  })
})
