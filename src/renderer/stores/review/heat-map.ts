// Where the run saw a class in the photo under review: asked for only while it is wanted, of the proposed class or of
// the label now, and anew with every photo. Late answers are dropped.

import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { usePredictorStore } from '../models/predictor.ts'
import type { Answer } from '../models/predictor.ts'
import { useReviewStore } from './review.ts'
import { useRunsStore } from '../models/runs.ts'

export type HeatMapClass = 'proposed' | 'given'

export const useHeatMapStore = defineStore('heat-map', () => {
  const predictor = usePredictorStore()
  const review = useReviewStore()
  const runs = useRunsStore()
  /** null: not wanted. */
  const of = shallowRef<HeatMapClass | null>(null)
  const answer = shallowRef<{ readonly photoId: number; readonly answer: Answer } | null>(null)
  const error = shallowRef<unknown>(null)
  const busy = shallowRef(false)
  let asked = 0

  const run = computed(() => runs.byId(review.source?.runId ?? -1))
  /** Those that the run knows, as indexes into its classes. */
  const labels = computed<Partial<Record<HeatMapClass, number>>>(() => {
    const { proposed, photo } = review.current ?? {}
    const indexOf = (id: number | null | undefined) => run.value?.classes.findIndex(entry => entry.id === id) ?? -1
    const found = { proposed: indexOf(proposed?.id), given: indexOf(photo?.classId) }
    return {
      ...(found.proposed >= 0 && found.proposed !== found.given && { proposed: found.proposed }),
      ...(found.given >= 0 && { given: found.given }),
    }
  })
  const className = (which: HeatMapClass) => run.value?.classes[labels.value[which] ?? -1]?.name ?? null
  /** What is asked for: the wanted class, or the other where the run does not know that one. */
  const shown = computed<HeatMapClass | null>(() =>
    of.value === null
      ? null
      : ([of.value, 'given' as const, 'proposed' as const].find(which => labels.value[which] !== undefined) ?? null),
  )
  /** Of the photo on screen; null while it is not there. */
  const map = computed(() =>
    answer.value &&
    shown.value !== null &&
    answer.value.photoId === review.current?.photo.id &&
    answer.value.answer.label === labels.value[shown.value]
      ? answer.value.answer
      : null,
  )

  watch(
    () => [run.value?.id, review.current?.photo.id, shown.value && labels.value[shown.value]] as const,
    async ([runId, photoId, label]) => {
      const mine = ++asked
      error.value = null
      busy.value = false
      if (runId === undefined || photoId === undefined || label == null) return
      busy.value = true
      try {
        const said = await predictor.ask(runId, { photoId }, label)
        if (mine === asked) answer.value = { photoId, answer: said }
      } catch (caught) {
        if (mine === asked) error.value = caught
      } finally {
        if (mine === asked) busy.value = false
      }
    },
  )

  function toggle(which: HeatMapClass): void {
    of.value = of.value === which ? null : which
  }

  /** Off, the proposed class, the label now, off. */
  function next(): void {
    const order: readonly (HeatMapClass | null)[] = [
      null,
      ...(labels.value.proposed === undefined ? [] : ['proposed' as const]),
      ...(labels.value.given === undefined ? [] : ['given' as const]),
    ]
    of.value = order[(order.indexOf(shown.value) + 1) % order.length]!
  }

  /** How the run sees photos that are no squares. */
  const fit = computed(() => run.value?.settings.fit)

  return { of, shown, map, fit, error, busy, labels, className, toggle, next }
})
