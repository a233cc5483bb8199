// The photos of one filter and order, read page by page as they come into view. Old pages stay on screen until new ones
// arrive, so nothing jumps; answers to questions that are no longer asked are dropped; far pages are forgotten
// (photo-page-cache.ts), so 100,000 photos do not fill the memory.

import { shallowRef } from 'vue'
import type { Photo, PhotoFilter, PhotoSort } from '../../../contract/records.ts'
import type { Client } from '../../../contract/table.ts'
import { createPageCache, PAGE } from './photo-page-cache.ts'

/** So many ids are asked for in one request. */
const IDS = 1000

export interface PhotoPages {
  readonly total: Readonly<{ value: number }>
  /** False until the first answer for this filter. */
  readonly known: Readonly<{ value: boolean }>
  at(index: number): Photo | undefined
  /** Where this photo stands, as far as that is known without asking. */
  indexOf(id: number): number | null
  /** Keeps this photo in memory, wherever the list is scrolled, and reads it where it is missing. */
  hold(index: number): void
  /** Reads what is missing or out of date of the photos from `first` up to `end`. */
  need(first: number, end: number): Promise<void>
  show(filter: PhotoFilter, sort: PhotoSort): Promise<void>
  /** Everything may have changed: reads the part last needed again, and the photo that is held. */
  refresh(): Promise<void>
  /** Shows a change before the service has said so. */
  patch(touches: (photo: Photo) => boolean, change: (photo: Photo) => Photo): void
  ids(first: number, end: number): Promise<number[]>
}

interface PageQuery {
  readonly filter: PhotoFilter
  readonly sort: PhotoSort
}

export function createPhotoPages(client: Client, onError: (error: unknown) => void): PhotoPages {
  const total = shallowRef(0)
  const known = shallowRef(false)
  const version = shallowRef(0)
  const cache = createPageCache()
  let loading = new Map<number, Promise<void>>()
  let generation = 0
  let query: PageQuery = { filter: {}, sort: 'added' }
  let wanted = { first: 0, end: PAGE }
  let held = -1

  // What is under way was asked before: it is no answer any more.
  function dropAnswers(): void {
    generation++
    loading = new Map()
  }

  async function load(page: number): Promise<void> {
    const mine = generation
    const answer = await client.request('photos.page', { ...query, offset: page * PAGE, limit: PAGE })
    if (mine !== generation) return
    // Fewer photos are another list: what was read of the old one stays on screen until it is read anew. More come
    // while photos are added.
    if (known.value && answer.total < total.value) cache.outdate()
    cache.put(page, answer.photos, (wanted.first + wanted.end) / 2, held)
    total.value = answer.total
    known.value = true
    version.value++
  }

  function loadOnce(page: number): Promise<void> {
    const under = loading.get(page)
    if (under) return under
    const mine = loading
    const task = load(page)
      .catch(onError)
      .finally(() => mine.delete(page))
    loading.set(page, task)
    return task
  }

  async function need(first: number, end: number): Promise<void> {
    wanted = { first, end }
    await Promise.all(cache.missing(first, end).map(loadOnce))
  }

  async function readHeld(): Promise<void> {
    if (held >= 0 && held < total.value) await Promise.all(cache.missing(held, held + 1).map(loadOnce))
  }

  return {
    total,
    known,
    need,
    at(index) {
      void version.value
      return cache.at(index)
    },
    indexOf: cache.indexOf,
    hold(index) {
      held = index
      if (known.value) void readHeld()
    },
    async show(filter, sort) {
      query = { filter, sort }
      dropAnswers()
      cache.clear()
      known.value = false
      await need(0, PAGE)
    },
    async refresh() {
      dropAnswers()
      cache.outdate()
      await Promise.all([need(wanted.first, wanted.end), readHeld()])
    },
    patch(touches, change) {
      cache.patch(touches, change)
      version.value++
    },
    ids: (first, end) => readIds(client, query, first, end),
  }
}

async function readIds(client: Client, query: PageQuery, first: number, end: number): Promise<number[]> {
  const list: number[] = []
  for (let offset = first; offset < end; offset += IDS) {
    const { photos } = await client.request('photos.page', { ...query, offset, limit: Math.min(IDS, end - offset) })
    list.push(...photos.map(photo => photo.id))
  }
  return list
}
