// What was answered of mere lists, kept in this page alone: unlike suspects they have no evidence beside which the
// service could keep it.

import { useLocalStorage } from '@vueuse/core'
import type { ReviewItem, Verdict } from './review-items.ts'

/** Of so many runs, those reviewed last, the page remembers what was kept of mere lists. */
const REMEMBERED = 8

/** By the place, which is a library and a run in it, and the id of the photo. */
export type ListVerdicts = Record<string, Record<string, Verdict>>

export function useListVerdicts() {
  const kept = useLocalStorage<ListVerdicts>('winnow.review', {})
  return {
    /** The item with what was answered of it here before. */
    recall(place: string, item: ReviewItem): ReviewItem {
      return item.suspect ? item : { ...item, verdict: kept.value[place]?.[item.photo.id] ?? null }
    },
    remember(place: string, item: ReviewItem): void {
      if (!item.suspect) kept.value = withVerdict(kept.value, place, item.photo.id, item.verdict)
    },
  }
}

/** What is kept once a verdict is given or, where it is null, taken back: that of eight places, this one the newest. */
export function withVerdict(kept: ListVerdicts, place: string, photoId: number, verdict: Verdict | null): ListVerdicts {
  const { [place]: here = {}, ...elsewhere } = kept
  const { [photoId]: _, ...others } = here
  return {
    ...Object.fromEntries(Object.entries(elsewhere).slice(1 - REMEMBERED)),
    [place]: verdict ? { ...others, [photoId]: verdict } : others,
  }
}
