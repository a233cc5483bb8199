// The queue under review, the place in it and the answers given in it. Taken once, so that it does not shift under the
// hands: its first photos are on screen at once, the rest is read behind them.

import { computed, shallowRef } from 'vue'
import type { Ref } from 'vue'
import type { Decision, LabelIssueReport, ProblemCode } from '../../../contract/records.ts'
import type { Client } from '../../../contract/table.ts'
import { nextOffset, readItems } from './review-items.ts'
import type { ReviewItem, ReviewSource, Verdict } from './review-items.ts'
import { joined, firstToShow, withProblem } from './review-list.ts'

/** So many are read of one queue; no one decides more in a sitting. */
const QUEUE = 2000

/** An answer given here; `stored` is null where it could not be. */
export interface Answered {
  readonly before: ReviewItem
  readonly verdict: Verdict
  readonly stored: Promise<Decision | null>
}

export type ReviewQueue = ReturnType<typeof useReviewQueue>

/** Empty until `load`. `onError` is told why the rest of a queue could not be read. */
export function useReviewQueue(client: Client, onError: (error: unknown) => void) {
  const all = shallowRef<readonly ReviewItem[]>([])
  const { only, queue, index, current, begin, go, show } = useQueuePosition(all)
  const evidence = shallowRef<LabelIssueReport | null>(null)
  const total = shallowRef(0)
  const known = shallowRef(false)
  /** The queue is read to its end, so that what is counted of it is counted whole. */
  const whole = shallowRef(false)
  const source = shallowRef<ReviewSource | null>(null)
  const done = shallowRef<readonly Answered[]>([])
  let generation = 0

  /** Shows another queue, from the photo `at` where it is in it; resolves when its first photos are there. */
  async function load(next: ReviewSource, at: number | null = null): Promise<void> {
    const mine = ++generation
    const piece = await readItems(client, next, 0)
    if (mine !== generation) return
    source.value = next
    total.value = piece.total
    evidence.value = piece.evidence
    all.value = piece.items
    done.value = []
    only.value = null
    known.value = true
    whole.value = false
    begin(at)
    void readRest(next, mine, at).catch(onError)
  }

  /** After a new check, which made this report: what comes behind the photo in question is read anew; it and what was
   *  answered stay. */
  async function renew(evidenceId: number): Promise<void> {
    const from = source.value
    if (!from || !whole.value || !isOf(from, evidenceId)) return
    const mine = generation
    let fresh: readonly ReviewItem[] = []
    for (;;) {
      const piece = await readItems(client, from, fresh.length)
      if (mine !== generation) return
      fresh = joined(fresh, piece.items)
      total.value = piece.total
      evidence.value = piece.evidence
      if (piece.items.length === 0 || fresh.length >= Math.min(QUEUE, piece.total)) break
    }
    const place = all.value.findIndex(item => item.photo.id === current.value?.photo.id)
    const kept = all.value.filter((item, at) => at <= place || item.verdict !== null)
    all.value = joined(kept, fresh)
    go(queue.value.findIndex(item => item.photo.id === kept[place]?.photo.id))
  }

  async function readRest(from: ReviewSource, mine: number, at: number | null): Promise<void> {
    while (all.value.length < Math.min(QUEUE, total.value)) {
      const piece = await readItems(client, from, nextOffset(from, all.value))
      if (mine !== generation) return
      if (piece.items.length === 0) break
      const untouched = index.value === 0 && done.value.length === 0
      all.value = joined(all.value, piece.items)
      if (untouched) begin(at)
    }
    whole.value = true
  }

  /** Puts the item in the place of the one of the same photo. */
  function replace(item: ReviewItem): void {
    all.value = all.value.map(entry => (entry.photo.id === item.photo.id ? item : entry))
  }

  return {
    all,
    queue,
    total,
    index,
    known,
    whole,
    only,
    evidence,
    source,
    current,
    done,
    load,
    renew,
    go,
    show,
    replace,
  }
}

/** The list is made anew by a check that makes this report. */
function isOf(source: ReviewSource, evidenceId: number): boolean {
  if (source.kind === 'suspects') return source.evidenceId === evidenceId && source.state === 'open'
  return source.kind === 'proposals'
}

/** Which of the items are shown, and at which of them one is. */
function useQueuePosition(all: Readonly<Ref<readonly ReviewItem[]>>) {
  const only = shallowRef<ProblemCode | null>(null)
  const index = shallowRef(0)
  const queue = computed(() => (only.value === null ? all.value : withProblem(all.value, only.value)))
  const current = computed(() => queue.value[index.value])

  function begin(at: number | null): void {
    index.value = firstToShow(queue.value, at)
  }

  function go(to: number): void {
    index.value = Math.max(0, Math.min(queue.value.length - 1, to))
  }

  /** Only photos with this other problem; with null all again. */
  function show(code: ProblemCode | null): void {
    only.value = code
    index.value = 0
  }

  return { only, queue, index, current, begin, go, show }
}
