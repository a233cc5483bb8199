// The queue under review: taken once, so that it does not shift under the hands. Every answer is stored before the next photo asks for one:
// labels and exclusions by the history, what was said of a suspect beside its evidence; "keep" and "not sure" of a mere list here in the page.

import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Decision, Evidence, Photo, ProblemCode } from '../../contract/records.ts'
import { useClient } from '../api/client-key.ts'
import { useClassesStore } from './classes.ts'
import { useDecisionsStore } from './decisions.ts'
import { answers, readItems } from './review-items.ts'
import type { ReviewItem, ReviewSource, Verdict } from './review-items.ts'
import { useSettingsStore } from './settings.ts'
import { useToastsStore } from './toasts.ts'

/** So many are read of one queue; no one decides more in a sitting. */
export const QUEUE = 2000

/** Of so many runs, those reviewed last, the page remembers what was kept of mere lists. */
const REMEMBERED = 8

/** What a decision is in the history; 0 and 0 where that was not asked. */
type Stored = Pick<Decision, 'id' | 'changed'>

/** An answer given here; `stored` is null where it could not be. */
interface Answered {
  readonly before: ReviewItem
  readonly verdict: Verdict
  readonly stored: Promise<Stored | null>
}

export const useReviewStore = defineStore('review', () => {
  const client = useClient()
  const { t } = useI18n({ useScope: 'global' })
  const classes = useClassesStore()
  const decisions = useDecisionsStore()
  const settings = useSettingsStore()
  const toasts = useToastsStore()
  const all = shallowRef<readonly ReviewItem[]>([])
  const only = shallowRef<ProblemCode | null>(null)
  const evidence = shallowRef<Evidence | null>(null)
  const total = shallowRef(0)
  const index = shallowRef(0)
  const known = shallowRef(false)
  /** The queue is read to its end, so that what is counted of it is counted whole. */
  const whole = shallowRef(false)
  const source = shallowRef<ReviewSource | null>(null)
  const done = shallowRef<readonly Answered[]>([])
  const remembered = useLocalStorage<Record<string, Record<string, Verdict>>>('winnow.review', {})
  let place = ''
  let generation = 0

  const queue = computed(() => (only.value === null ? all.value : all.value.filter(item => item.photo.problems.some(problem => problem.code === only.value))))
  const current = computed(() => queue.value[index.value])
  const tally = computed(() => {
    const counts: Record<Verdict, number> = { relabelled: 0, kept: 0, excluded: 0, unsure: 0 }
    for (const { verdict } of all.value) if (verdict) counts[verdict]++
    return counts
  })
  const decided = computed(() => Object.values(tally.value).reduce((sum, count) => sum + count, 0))
  /** How many of the queue have which other problem, the most frequent first. */
  const problems = computed(() => {
    const counts = new Map<ProblemCode, number>()
    for (const { photo } of all.value) for (const { code } of photo.problems) counts.set(code, (counts.get(code) ?? 0) + 1)
    return [...counts].sort((a, b) => b[1] - a[1])
  })

  /** Shows another queue, from the photo `at` where it is in it; resolves when its first photos are there. */
  async function load(libraryId: string, next: ReviewSource, at: number | null = null): Promise<void> {
    const mine = ++generation
    const piece = await readItems(client, next, 0)
    if (mine !== generation) return
    place = `${libraryId}/${next.runId}`
    source.value = next
    total.value = piece.total
    evidence.value = piece.evidence
    all.value = piece.items.map(recall)
    done.value = []
    only.value = null
    known.value = true
    whole.value = false
    index.value = 0
    begin(at)
    void readRest(next, mine, at).catch(toasts.fail)
  }

  async function readRest(from: ReviewSource, mine: number, at: number | null): Promise<void> {
    while (all.value.length < Math.min(QUEUE, total.value)) {
      const left = from.kind === 'suspects' && from.state === 'open' ? all.value.filter(item => item.verdict === null).length : all.value.length
      const piece = await readItems(client, from, left)
      if (mine !== generation) return
      if (piece.items.length === 0) break
      const have = new Set(all.value.map(item => item.photo.id))
      const untouched = index.value === 0 && done.value.length === 0
      all.value = [...all.value, ...piece.items.filter(item => !have.has(item.photo.id)).map(recall)]
      if (untouched) begin(at)
    }
    whole.value = true
  }

  // A photo of the address, or the first without an answer.
  function begin(at: number | null): void {
    const found = queue.value.findIndex(item => item.photo.id === at)
    index.value = found >= 0 ? found : Math.max(0, queue.value.findIndex(item => item.verdict === null))
  }

  const recall = (item: ReviewItem): ReviewItem => (item.suspect ? item : { ...item, verdict: remembered.value[place]?.[item.photo.id] ?? null })

  function go(to: number): void {
    index.value = Math.max(0, Math.min(queue.value.length - 1, to))
  }

  function show(code: ProblemCode | null): void {
    only.value = code
    index.value = 0
  }

  function replace(item: ReviewItem): void {
    all.value = all.value.map(entry => (entry.photo.id === item.photo.id ? item : entry))
    if (item.suspect) return
    const { [place]: here = {}, ...elsewhere } = remembered.value
    const { [item.photo.id]: _, ...others } = here
    remembered.value = { ...Object.fromEntries(Object.entries(elsewhere).slice(1 - REMEMBERED)), [place]: item.verdict ? { ...others, [item.photo.id]: item.verdict } : others }
  }

  /** Shows the answer and the next photo at once, then stores; `takeBack` is what Undo in the sentence about it does. */
  function settle(verdict: Verdict, change: (photo: Photo) => Photo, store: (photoId: number, takeBack: () => void) => Promise<Stored | null>): Promise<Stored | null> {
    const before = current.value
    if (!before) return Promise.resolve(null)
    const next = nextOpen()
    const after = { ...before, photo: change(before.photo), verdict }
    replace(after)
    if (settings.advance) go(next)
    const stored = keep(before, after, () => store(before.photo.id, () => void undo(answered)))
    const answered: Answered = { before, verdict, stored }
    done.value = [...done.value, answered]
    return stored
  }

  // What could not be stored is no answer: its photo asks again.
  async function keep(before: ReviewItem, after: ReviewItem & { verdict: Verdict }, store: () => Promise<Stored | null>): Promise<Stored | null> {
    const stored = await store()
    if (stored !== null) {
      await answer(before, answers[after.verdict]).catch(toasts.fail)
      return stored
    }
    done.value = done.value.filter(entry => entry.before !== before)
    if (all.value.includes(after)) replace(before)
    return null
  }

  async function answer(item: ReviewItem, said: 'keep' | 'relabel' | 'exclude' | 'unsure' | 'withdrawn'): Promise<void> {
    if (item.suspect && source.value?.kind === 'suspects') {
      await client.request('suspects.answer', { evidenceId: source.value.evidenceId, photoIds: [item.photo.id], answer: said })
    }
  }

  function nextOpen(): number {
    const after = queue.value.findIndex((item, at) => at > index.value && item.verdict === null)
    return after >= 0 ? after : Math.min(index.value + 1, queue.value.length - 1)
  }

  function label(classId: number): Promise<unknown> {
    if (classId === current.value?.photo.classId) return mark('kept')
    const className = classes.byId.get(classId)?.name ?? null
    return settle('relabelled', photo => ({ ...photo, classId, className }), (id, takeBack) => decisions.label({ ids: [id] }, classId, takeBack))
  }

  function exclude(): Promise<unknown> {
    return settle('excluded', photo => ({ ...photo, excluded: true }), (id, takeBack) => decisions.exclude({ ids: [id] }, true, takeBack))
  }

  function mark(verdict: 'kept' | 'unsure'): Promise<unknown> {
    return settle(verdict, photo => photo, () => Promise.resolve({ id: 0, changed: 0 }))
  }

  async function acceptProposed(): Promise<void> {
    if (current.value?.proposed) await label(current.value.proposed.id)
  }

  /** Takes an answer of this queue back, the newest where none is named, and shows its photo again; false where there is none. What another tab decided stays. */
  async function undo(answered = done.value.at(-1)): Promise<boolean> {
    const at = answered ? done.value.indexOf(answered) : -1
    if (!answered || at < 0) return false
    const { before } = answered
    // What was said of the same photo after it goes with it.
    done.value = done.value.filter((other, index) => index < at || other.before.photo.id !== before.photo.id)
    const stored = await answered.stored
    if (stored !== null && stored.changed > 0 && !(await decisions.undo(stored.id))) return true
    replace(before)
    go(queue.value.findIndex(item => item.photo.id === before.photo.id))
    if (stored === null) return true
    await answer(before, before.verdict ? answers[before.verdict] : 'withdrawn').catch(toasts.fail)
    if (stored.changed === 0) toasts.say(t('review.takenBack', { name: before.photo.name }))
    return true
  }

  return { queue, total, index, known, whole, only, problems, evidence, source, current, tally, decided, done, load, go, show, label, exclude, mark, acceptProposed, undo }
})
