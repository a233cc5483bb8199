// What stands in the address of a table of photos beside its filter: the photo with the focus, and whether it is
// viewed. How far the grid is scrolled stands in the entry of the history. So a reload, a link and the back button come
// to the same place.

import { watchDebounced } from '@vueuse/core'
import { nextTick, watch } from 'vue'
import type { Ref } from 'vue'
import { useRoute } from 'vue-router'
import type { PhotoFilter, PhotoSort } from '../../contract/records.ts'
import { keepScroll, savedScroll } from '../grid/saved-scroll.ts'
import type { Stage } from '../../contract/stages.ts'
import { usePhotosStore } from '../stores/library/photos.ts'
import { useOwnQuery } from './use-own-query.ts'

export interface PhotoRouteOptions {
  readonly stage: Stage
  readonly viewer: Ref<boolean>
  readonly grid: () => { focusCell(): Promise<void>; toTop(index: number): void } | null
}

/** `show` shows a list at the place that the address names; `rest` is told the first photo in view whenever a scroll
 *  has come to rest. */
export function usePhotoRoute({ stage, viewer, grid }: PhotoRouteOptions) {
  const route = useRoute()
  const putQuery = useOwnQuery()
  const photos = usePhotosStore()
  let list = ''

  async function show(filter: PhotoFilter, sort: PhotoSort): Promise<void> {
    const { photo, view } = route.query
    list = JSON.stringify([filter, sort])
    const first = savedScroll(list)
    viewer.value = false
    const at = typeof photo === 'string' && /^\d+$/.test(photo) ? Number(photo) : null
    if (!(await photos.show(filter, sort, at))) return
    viewer.value = view === '1' && photos.focused?.id === at
    await nextTick()
    if (first !== null || photos.focus === 0) grid()?.toTop(first ?? 0)
  }

  watchDebounced(
    [() => photos.focused?.id, () => photos.focus, viewer],
    () => {
      if (route.name !== stage || !photos.known) return
      const { photo: _photo, view: _view, ...others } = route.query
      const named = photos.focused && (photos.focus > 0 || viewer.value) ? { photo: String(photos.focused.id) } : {}
      const query = { ...others, ...named, ...(viewer.value && { view: '1' }) }
      if (JSON.stringify(query) !== JSON.stringify(route.query)) putQuery(query)
    },
    { debounce: 400 },
  )

  watch(viewer, isOpen => {
    if (!isOpen) void nextTick(() => grid()?.focusCell())
  })
  return { show, rest: (first: number) => keepScroll(list, first) }
}
