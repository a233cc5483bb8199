// The queue of doubtful labels: photos a run mispredicts, the most certain first, taken once so that the queue does not shift under the hands.
// Labels and exclusions are stored by the service; "kept" and "not sure" are remembered here for the run.

import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Photo, PhotoFilter } from '../../contract/records.ts'
import { useClient } from '../api/client-key.ts'
import { useClassesStore } from './classes.ts'
import { useDecisionsStore } from './decisions.ts'
import { useSettingsStore } from './settings.ts'

export type Verdict = 'relabelled' | 'kept' | 'excluded' | 'unsure'

export const QUEUE = 1000

export const useReviewStore = defineStore('review', () => {
  const client = useClient()
  const classes = useClassesStore()
  const decisions = useDecisionsStore()
  const settings = useSettingsStore()
  const queue = shallowRef<readonly Photo[]>([])
  const total = shallowRef(0)
  const index = shallowRef(0)
  const known = shallowRef(false)
  const runId = shallowRef<number | null>(null)
  const remembered = useLocalStorage<Record<string, Record<string, Verdict>>>('winnow.review', {})
  let libraryId = ''
  let generation = 0

  const place = computed(() => `${libraryId}/${runId.value}`)
  const verdicts = computed<Readonly<Record<string, Verdict>>>(() => remembered.value[place.value] ?? {})
  const current = computed(() => queue.value[index.value])
  const tally = computed(() => {
    const counts: Record<Verdict, number> = { relabelled: 0, kept: 0, excluded: 0, unsure: 0 }
    for (const photo of queue.value) {
      const verdict = verdicts.value[photo.id]
      if (verdict) counts[verdict]++
    }
    return counts
  })
  const decided = computed(() => Object.values(tally.value).reduce((sum, count) => sum + count, 0))

  async function load(library: string, run: number, filter: PhotoFilter): Promise<void> {
    const mine = ++generation
    const answer = await client.request('photos.page', { filter: { ...filter, runId: run }, sort: 'suspicion', offset: 0, limit: QUEUE })
    if (mine !== generation) return
    libraryId = library
    runId.value = run
    queue.value = answer.photos
    total.value = answer.total
    index.value = Math.max(0, answer.photos.findIndex(photo => verdicts.value[photo.id] === undefined))
    known.value = true
  }

  function go(to: number): void {
    index.value = Math.max(0, Math.min(queue.value.length - 1, to))
  }

  function settle(photo: Photo, verdict: Verdict, change: (photo: Photo) => Photo = same => same): void {
    queue.value = queue.value.map(entry => (entry.id === photo.id ? change(entry) : entry))
    remembered.value = { ...remembered.value, [place.value]: { ...verdicts.value, [photo.id]: verdict } }
    if (settings.advance) go(nextOpen())
  }

  // The next photo without a verdict, or simply the next.
  function nextOpen(): number {
    const after = queue.value.findIndex((photo, at) => at > index.value && verdicts.value[photo.id] === undefined)
    return after >= 0 ? after : Math.min(index.value + 1, queue.value.length - 1)
  }

  async function label(classId: number): Promise<void> {
    const photo = current.value
    if (!photo) return
    if (classId === photo.classId) return settle(photo, 'kept')
    settle(photo, 'relabelled', entry => ({ ...entry, classId, className: classes.byId.get(classId)?.name ?? null }))
    await decisions.label({ ids: [photo.id] }, classId)
  }

  async function exclude(): Promise<void> {
    const photo = current.value
    if (!photo) return
    settle(photo, 'excluded', entry => ({ ...entry, excluded: true }))
    await decisions.exclude({ ids: [photo.id] }, true)
  }

  function mark(verdict: 'kept' | 'unsure'): void {
    if (current.value) settle(current.value, verdict)
  }

  async function acceptProposed(): Promise<void> {
    if (current.value?.prediction) await label(current.value.prediction.classId)
  }

  return { queue, total, index, known, runId, verdicts, current, tally, decided, load, go, label, exclude, mark, acceptProposed }
})
