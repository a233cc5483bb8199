// Where each stage was left: its list, filter, photo and scroll. The links across the top lead back there, as a reload
// does; the link of the stage on screen leads to its beginning. Another library forgets all, a new run what Review and
// Models showed of earlier ones; Train has nothing to keep.

import { useSessionStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import type { LocationQueryRaw, RouteLocationNormalized, RouteLocationRaw, RouteParamsRaw } from 'vue-router'
import { stages } from '../../../contract/stages.ts'
import type { Stage } from '../../../contract/stages.ts'
import { useLibraryStore } from '../library/library.ts'
import { useRunsStore } from '../models/runs.ts'

interface SavedRoute {
  readonly library: string | null
  readonly latestRun: number | null
  readonly params: RouteParamsRaw
  readonly query: LocationQueryRaw
  /** Of the browser's entry for the address (grid/saved-scroll.ts). */
  readonly scrolled: unknown
}

const ofRuns: readonly Stage[] = ['review', 'models']

export const useSavedRoutesStore = defineStore('saved-routes', () => {
  const library = useLibraryStore()
  const runs = useRunsStore()
  const kept = useSessionStorage<Partial<Record<Stage, SavedRoute>>>(
    'winnow.places',
    {},
    { shallow: true, listenToStorageChanges: false },
  )
  const now = () => ({ library: library.summary?.id ?? null, latestRun: runs.latest?.id ?? null })

  /** Called as an address is left; `state` is that of its entry in the history. */
  function leave(
    { name, params, query }: Pick<RouteLocationNormalized, 'name' | 'params' | 'query'>,
    state: unknown,
  ): void {
    const stage = stages.find(entry => entry === name)
    if (!stage || stage === 'train') return
    const { scrolled } = (state ?? {}) as { readonly scrolled?: unknown }
    kept.value = { ...kept.value, [stage]: { ...now(), params, query, scrolled } }
  }

  /** Where the link of a stage leads while `current` is on screen. */
  function linkTo(stage: Stage, current: unknown): RouteLocationRaw {
    const place = kept.value[stage]
    const { library: open, latestRun } = now()
    if (
      !place ||
      stage === current ||
      place.library !== open ||
      (ofRuns.includes(stage) && place.latestRun !== latestRun)
    )
      return { name: stage }
    const { params, query, scrolled } = place
    return { name: stage, params, query, ...(scrolled ? { state: { scrolled: { ...scrolled } } } : {}) }
  }

  return { leave, linkTo }
})
