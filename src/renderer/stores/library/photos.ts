// The photos the Library shows: filter, order and pages (photo-pages.ts), and the focus and selection among them
// (photo-selection.ts).

import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { PhotoFilter, PhotoSort } from '../../../contract/records.ts'
import { useClient } from '../../api/client-key.ts'
import { createPhotoPages } from './photo-pages.ts'
import { usePhotoSelection } from './photo-selection.ts'
import * as algebra from './selection-algebra.ts'
import { useToastsStore } from '../shell/toasts.ts'

export const usePhotosStore = defineStore('photos', () => {
  const toasts = useToastsStore()
  const client = useClient()
  const pages = createPhotoPages(client, toasts.fail)
  const filter = shallowRef<PhotoFilter>({})
  const sort = shallowRef<PhotoSort>('added')
  const total = computed(() => pages.total.value)
  const known = computed(() => pages.known.value)
  const {
    selected,
    selectedCount,
    focus,
    anchor,
    focused,
    isSelected,
    alone,
    choose,
    focusOn,
    moveTo,
    toggle,
    selectOnly,
    selectTo,
    selectAll,
    selectNone,
    target,
  } = usePhotoSelection(pages, filter)
  let shown = 0

  /** Shows a list with the focus on its first photo, or on `at` where that is in it; true once that is so and nothing
   *  else was asked for. */
  async function show(nextFilter: PhotoFilter, nextSort: PhotoSort, at: number | null = null): Promise<boolean> {
    const mine = ++shown
    const sameFilter = JSON.stringify(nextFilter) === JSON.stringify(filter.value)
    filter.value = nextFilter
    sort.value = nextSort
    // An order changes places, not the photos: the selection stays.
    choose(sameFilter ? selected.value : algebra.nothing)
    focusOn(0)
    const asked =
      at === null ? null : client.request('photos.place', { filter: nextFilter, sort: nextSort, photoId: at })
    const [, place] = await Promise.all([pages.show(nextFilter, nextSort), asked?.catch(toasts.fail)])
    if (mine !== shown) return false
    if (place?.index != null) {
      focusOn(place.index)
      await pages.need(place.index, place.index + 1)
    }
    return mine === shown
  }

  // The photo that the focus stays with while the list is read anew: a page that came may have it at another place, and
  // a key that follows must find it there.
  let followed: number | null = null
  watch(
    focused,
    photo => {
      if (followed === null || photo?.id === followed) return
      const place = pages.indexOf(followed)
      if (place !== null) focusOn(place)
    },
    { flush: 'sync' },
  )

  /** Reads the list anew. The focus stays with its photo; where that has left the list, with the one that took its
   *  place. */
  async function refresh(): Promise<void> {
    const before = { index: focus.value, id: focused.value?.id }
    followed = before.id ?? null
    await pages.refresh()
    followed = null
    if (focus.value !== before.index || before.id === undefined || focused.value?.id === before.id) return
    const place = await client
      .request('photos.place', { filter: filter.value, sort: sort.value, photoId: before.id })
      .catch(toasts.fail)
    if (!place || focus.value !== before.index) return
    // What has left cannot be what the next key is for.
    if (place.index === null && selectedCount.value === 1 && isSelected(before.id)) selectNone()
    focusOn(place.index ?? Math.max(0, Math.min(before.index, total.value - 1)))
  }

  return {
    filter,
    sort,
    selected,
    focus,
    anchor,
    total,
    known,
    selectedCount,
    focused,
    at: pages.at,
    need: pages.need,
    patch: pages.patch,
    show,
    refresh,
    focusOn,
    moveTo,
    toggle,
    selectOnly,
    selectTo,
    selectAll,
    selectNone,
    target,
    isSelected,
    alone,
  }
})
