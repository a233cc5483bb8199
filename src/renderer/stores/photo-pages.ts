// The photos of one filter and order, read page by page as they come into view. Old pages stay on screen until new ones arrive, so nothing
// jumps; answers to questions that are no longer asked are dropped; far pages are forgotten, so 100,000 photos do not fill the memory.

import { shallowRef } from 'vue'
import type { Photo, PhotoFilter, PhotoSort } from '../../contract/records.ts'
import type { Client } from '../../contract/table.ts'

export const PAGE = 200
const MAX_PAGES = 40

export interface PhotoPages {
  readonly total: Readonly<{ value: number }>
  /** False until the first answer for this filter. */
  readonly known: Readonly<{ value: boolean }>
  at(index: number): Photo | undefined
  /** Reads what is missing or out of date of the photos from `first` up to `end`. */
  need(first: number, end: number): Promise<void>
  show(filter: PhotoFilter, sort: PhotoSort): Promise<void>
  /** Everything may have changed: reads the part last needed again. */
  refresh(): Promise<void>
  /** Shows a change before the service has said so. */
  patch(touches: (photo: Photo) => boolean, change: (photo: Photo) => Photo): void
  ids(first: number, end: number): Promise<number[]>
}

export function createPhotoPages(client: Client, onError: (error: unknown) => void): PhotoPages {
  const total = shallowRef(0)
  const known = shallowRef(false)
  const version = shallowRef(0)
  let pages = new Map<number, readonly Photo[]>()
  let fresh = new Set<number>()
  let loading = new Map<number, Promise<void>>()
  let generation = 0
  let query: { filter: PhotoFilter; sort: PhotoSort } = { filter: {}, sort: 'added' }
  let wanted = { first: 0, end: PAGE }

  function startOver(keep: boolean): void {
    generation++
    fresh = new Set()
    loading = new Map()
    if (!keep) pages = new Map()
  }

  async function load(page: number): Promise<void> {
    const mine = generation
    const answer = await client.request('photos.page', { ...query, offset: page * PAGE, limit: PAGE })
    if (mine !== generation) return
    // Fewer photos are another list: what was read of the old one stays on screen until it is read anew. More come while photos are added.
    if (known.value && answer.total < total.value) fresh = new Set()
    pages.set(page, answer.photos)
    fresh.add(page)
    total.value = answer.total
    known.value = true
    forgetFar()
    version.value++
  }

  function forgetFar(): void {
    const centre = (wanted.first + wanted.end) / 2 / PAGE
    const far = [...pages.keys()].sort((a, b) => Math.abs(b - centre) - Math.abs(a - centre))
    for (const page of far.slice(0, Math.max(0, pages.size - MAX_PAGES))) {
      pages.delete(page)
      fresh.delete(page)
    }
  }

  function loadOnce(page: number): Promise<void> {
    const under = loading.get(page)
    if (under) return under
    const mine = loading
    const task = load(page).catch(onError).finally(() => mine.delete(page))
    loading.set(page, task)
    return task
  }

  async function need(first: number, end: number): Promise<void> {
    wanted = { first, end }
    const from = Math.max(0, Math.floor(first / PAGE))
    const to = Math.floor((Math.max(first, end - 1)) / PAGE)
    const missing: Promise<void>[] = []
    for (let page = from; page <= to; page++) if (!fresh.has(page)) missing.push(loadOnce(page))
    await Promise.all(missing)
  }

  return {
    total, known, need,
    at(index) {
      void version.value
      return pages.get(Math.floor(index / PAGE))?.[index % PAGE]
    },
    async show(filter, sort) {
      query = { filter, sort }
      startOver(false)
      known.value = false
      await need(0, PAGE)
    },
    async refresh() {
      startOver(true)
      await need(wanted.first, wanted.end)
    },
    patch(touches, change) {
      for (const [page, photos] of pages) pages.set(page, photos.map(photo => (touches(photo) ? change(photo) : photo)))
      version.value++
    },
    async ids(first, end) {
      const asked = query
      const list: number[] = []
      for (let offset = first; offset < end; offset += 1000) {
        const answer = await client.request('photos.page', { ...asked, offset, limit: Math.min(1000, end - offset) })
        list.push(...answer.photos.map(photo => photo.id))
      }
      return list
    },
  }
}
