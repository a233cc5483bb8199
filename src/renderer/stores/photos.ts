// The photos the Library shows: filter, order, pages, and which of them are selected. The selection is a query where it can be one.

import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { ServiceError } from '../../contract/errors.ts'
import type { PhotoFilter, PhotoSort, Selection } from '../../contract/records.ts'
import { useClient } from '../api/client-key.ts'
import { createPhotoPages } from './photo-pages.ts'
import * as algebra from './selection-algebra.ts'
import type { Selected } from './selection-algebra.ts'
import { useToastsStore } from './toasts.ts'

export const usePhotosStore = defineStore('photos', () => {
  const toasts = useToastsStore()
  const client = useClient()
  const pages = createPhotoPages(client, toasts.fail)
  const filter = shallowRef<PhotoFilter>({})
  const sort = shallowRef<PhotoSort>('added')
  const selected = shallowRef<Selected>(algebra.nothing)
  /** The photo with the focus; -1 where there is none. */
  const focus = shallowRef(0)
  const anchor = shallowRef(0)
  const total = computed(() => pages.total.value)
  const known = computed(() => pages.known.value)
  const selectedCount = computed(() => algebra.countOf(selected.value, total.value))
  const focused = computed(() => pages.at(focus.value))

  let shown = 0
  let chosen = 0

  function choose(next: Selected): void {
    chosen++
    selected.value = next
  }

  /** Shows a list with the focus on its first photo, or on `at` where that is in it; true once that is so and nothing else was asked for. */
  async function show(nextFilter: PhotoFilter, nextSort: PhotoSort, at: number | null = null): Promise<boolean> {
    const mine = ++shown
    const sameFilter = JSON.stringify(nextFilter) === JSON.stringify(filter.value)
    filter.value = nextFilter
    sort.value = nextSort
    // An order changes places, not the photos: the selection stays.
    choose(sameFilter ? selected.value : algebra.nothing)
    focus.value = 0
    anchor.value = 0
    const asked = at === null ? null : client.request('photos.place', { filter: nextFilter, sort: nextSort, photoId: at })
    const [, place] = await Promise.all([pages.show(nextFilter, nextSort), asked?.catch(toasts.fail)])
    if (mine !== shown) return false
    if (place?.index != null) {
      focusOn(place.index)
      await pages.need(place.index, place.index + 1)
    }
    return mine === shown
  }

  /** Reads the list anew. The focus stays with its photo; where that has left the list, with the one that took its place. */
  async function refresh(): Promise<void> {
    const before = { index: focus.value, id: focused.value?.id }
    await pages.refresh()
    if (focus.value !== before.index || before.id === undefined || focused.value?.id === before.id) return
    const place = await client.request('photos.place', { filter: filter.value, sort: sort.value, photoId: before.id }).catch(toasts.fail)
    if (place && focus.value === before.index) focusOn(place.index ?? Math.max(0, Math.min(before.index, total.value - 1)))
  }

  function focusOn(index: number): void {
    focus.value = index
    anchor.value = index
  }

  function toggle(index: number): void {
    const photo = pages.at(index)
    if (photo) choose(algebra.toggle(selected.value, photo.id))
    focusOn(index)
  }

  function selectOnly(index: number): void {
    const photo = pages.at(index)
    choose(photo ? algebra.some([photo.id]) : algebra.nothing)
    focusOn(index)
  }

  /** Selects from the anchor to `index`; with `adding` what was selected stays. Of a far range, once its photos are known and nothing else was chosen or shown. */
  async function selectTo(index: number, adding = false): Promise<void> {
    const mine = ++chosen
    const [first, last] = index < anchor.value ? [index, anchor.value] : [anchor.value, index]
    focus.value = index
    const loaded = Array.from({ length: last - first + 1 }, (_, i) => pages.at(first + i)?.id)
    const ids = loaded.every(id => id !== undefined) ? loaded : await pages.ids(first, last + 1)
    if (mine !== chosen) return
    selected.value = adding ? algebra.add(selected.value, ids) : algebra.some(ids)
  }

  function selectAll(): void {
    if (total.value > 0) choose(algebra.everything(filter.value))
  }

  function selectNone(): void {
    choose(algebra.nothing)
  }

  /** What a key acts on: the selection, or the focused photo where nothing is selected or that one is `viewed`. ServiceError 'selection-too-large'. */
  function target(viewed = false): Selection | null {
    if (viewed || algebra.isEmpty(selected.value)) return focused.value ? { ids: [focused.value.id] } : null
    const asked = algebra.asRequest(selected.value)
    if (asked) return asked
    throw new ServiceError(
      'selection-too-large',
      `${algebra.marksOf(selected.value)} photos are selected or left out one by one, and ${algebra.MAX_IDS} can be so in one step.`,
      'Select all photos of a filter, or fewer photos.',
    )
  }

  return {
    filter, sort, selected, focus, anchor, total, known, selectedCount, focused,
    at: pages.at, need: pages.need, patch: pages.patch,
    show, refresh, focusOn, toggle, selectOnly, selectTo, selectAll, selectNone, target,
    isSelected: (id: number) => algebra.has(selected.value, id),
  }
})
