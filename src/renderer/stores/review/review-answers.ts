// Answers in the queue under review: shown at once with the next photo, then stored as decisions of the history, each
// with its label or exclusion in it. Each can be taken back, the newest first or by Undo in the sentence about it, and,
// after Review was left, by the history alone: then the queue is read anew.

import { watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Decision, Photo } from '../../../contract/records.ts'
import { useDecisionsStore } from '../decisions/decisions.ts'
import { answers } from './review-items.ts'
import type { ReviewItem, ReviewSource, Verdict } from './review-items.ts'
import { nextOpen } from './review-list.ts'
import type { Answered, ReviewQueue } from './review-queue.ts'
import { useSettingsStore } from '../shell/settings.ts'
import { useToastsStore } from '../shell/toasts.ts'

export function useReviewAnswers({ all, queue, index, current, source, done, go, replace, load }: ReviewQueue) {
  const decisions = useDecisionsStore()
  const { t } = useI18n({ useScope: 'global' })
  const settings = useSettingsStore()
  const toasts = useToastsStore()
  /** An answer is being taken back here, which shows its photo again by itself. */
  let returning = false

  /** Shows the answer and the next photo at once, then stores. `classId` is the new label of a photo relabelled. */
  function settle(
    verdict: Verdict,
    change: (photo: Photo) => Photo = photo => photo,
    classId?: number,
  ): Promise<Decision | null> {
    const [before, from] = [current.value, source.value]
    if (!before || !from) return Promise.resolve(null)
    const next = nextOpen(queue.value, index.value)
    const after = { ...before, photo: change(before.photo), verdict }
    replace(after)
    if (settings.advance) go(next)
    const takeBack = () => void undo(answered)
    const stored = keep(before, after, () => store(from, before.photo.id, verdict, classId, takeBack))
    const answered: Answered = { before, verdict, stored }
    done.value = [...done.value, answered]
    return stored
  }

  // A photo without a label is labelled or excluded: there was no label to say anything of.
  function store(
    from: ReviewSource,
    photoId: number,
    verdict: Verdict,
    classId: number | undefined,
    takeBack: () => void,
  ): Promise<Decision | null> {
    if (from.kind !== 'proposals')
      return decisions.answer(
        { photoId, answer: answers[verdict], about: aboutOf(from), ...(classId !== undefined && { classId }) },
        takeBack,
      )
    const selection = { ids: [photoId] }
    return verdict === 'excluded'
      ? decisions.exclude(selection, true, takeBack)
      : decisions.label(selection, classId!, takeBack)
  }

  // What could not be stored is no answer: its photo asks again.
  async function keep(
    before: ReviewItem,
    after: ReviewItem,
    store: () => Promise<Decision | null>,
  ): Promise<Decision | null> {
    const stored = await store()
    if (stored !== null) return stored
    done.value = done.value.filter(entry => entry.before !== before)
    if (all.value.includes(after)) replace(before)
    return null
  }

  /** Takes an answer back, the newest of this queue where none is named, and shows its photo again; false where there is
   *  none. What another tab decided stays. */
  async function undo(answered = done.value.at(-1)): Promise<boolean> {
    if (!answered) return false
    const at = done.value.indexOf(answered)
    if (at < 0) return undoLater(answered)
    const { before } = answered
    // What was said of the same photo after it goes with it.
    done.value = done.value.filter((other, place) => place < at || other.before.photo.id !== before.photo.id)
    const stored = await answered.stored
    if (stored !== null && stored.id !== 0 && !(await takeBack(stored, answered))) return true
    replace(before)
    go(queue.value.findIndex(item => item.photo.id === before.photo.id))
    return true
  }

  /** Of a queue that is not on screen any more. */
  async function undoLater({ stored: storing }: Answered): Promise<boolean> {
    const stored = await storing
    return stored !== null && stored.id !== 0 && decisions.undo(stored.id)
  }

  // An answer that left label and place as they were is told by the photo's name: that is all there is to see of it.
  async function takeBack({ id }: Decision, { before, verdict }: Answered): Promise<boolean> {
    const changed = verdict === 'relabelled' || verdict === 'excluded'
    returning = true
    try {
      return await decisions.undo(id, changed ? undefined : t('review.takenBack', { name: before.photo.name }))
    } finally {
      returning = false
    }
  }

  // What the history takes back or does again shows in the queue: the photo is there again, with the answer it has now.
  watch(
    () => decisions.returned,
    decision => {
      if (!decision || returning || !source.value) return
      const photoId =
        decision.values.photo === undefined ? (current.value?.photo.id ?? null) : Number(decision.values.photo)
      void load(source.value, photoId).catch(toasts.fail)
    },
    { flush: 'sync' },
  )

  return { settle, undo }
}

function aboutOf(source: Exclude<ReviewSource, { kind: 'proposals' }>): { evidenceId: number } | { runId: number } {
  return source.kind === 'suspects' ? { evidenceId: source.evidenceId } : { runId: source.runId }
}
