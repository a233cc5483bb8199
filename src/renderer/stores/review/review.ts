// What is under review: the queue (review-queue.ts), what is answered in it and taken back (review-answers.ts), and the
// answers there are.

import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useClient } from '../../api/client-key.ts'
import { useClassesStore } from '../library/classes.ts'
import { useReviewAnswers } from './review-answers.ts'
import { problemsOf, countsOf } from './review-list.ts'
import { useReviewQueue } from './review-queue.ts'
import { useToastsStore } from '../shell/toasts.ts'

export const useReviewStore = defineStore('review', () => {
  const classes = useClassesStore()
  const review = useReviewQueue(useClient(), useToastsStore().fail)
  const { settle, undo } = useReviewAnswers(review)
  const { all, queue, total, index, known, whole, only, evidence, source, current, done, load, renew, go, show } =
    review

  const tally = computed(() => countsOf(all.value))
  const decided = computed(() => Object.values(tally.value).reduce((sum, count) => sum + count, 0))
  const problems = computed(() => problemsOf(all.value))

  function label(classId: number): Promise<unknown> {
    if (classId === current.value?.photo.classId) return mark('kept')
    const className = classes.byId.get(classId)?.name ?? null
    return settle('relabelled', photo => ({ ...photo, classId, className }), classId)
  }

  const exclude = (): Promise<unknown> => settle('excluded', photo => ({ ...photo, excluded: true }))
  /** A photo without a label has none to keep: it is passed over. */
  function mark(verdict: 'kept' | 'unsure'): Promise<unknown> {
    if (source.value?.kind !== 'proposals') return settle(verdict)
    if (verdict === 'unsure') go(index.value + 1)
    return Promise.resolve()
  }

  async function acceptProposed(): Promise<void> {
    if (current.value?.proposed) await label(current.value.proposed.id)
  }

  return {
    queue,
    total,
    index,
    known,
    whole,
    only,
    problems,
    evidence,
    source,
    current,
    tally,
    decided,
    done,
    load,
    renew,
    go,
    show,
    label,
    exclude,
    mark,
    acceptProposed,
    undo,
  }
})
