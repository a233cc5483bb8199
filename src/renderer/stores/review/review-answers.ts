// Answers in the queue under review: shown at once with the next photo, then stored; each can be taken back, the newest
// first or by Undo in the sentence about it. Labels and exclusions are kept by the history, what was said of a suspect
// beside its evidence.

import { useI18n } from 'vue-i18n'
import type { Photo, LabelIssueAnswer } from '../../../contract/records.ts'
import { useClient } from '../../api/client-key.ts'
import { useDecisionsStore } from '../decisions/decisions.ts'
import { answers } from './review-items.ts'
import type { ReviewItem, Verdict } from './review-items.ts'
import { nextOpen } from './review-list.ts'
import type { Answered, ReviewQueue, Stored } from './review-queue.ts'
import { useSettingsStore } from '../shell/settings.ts'
import { useToastsStore } from '../shell/toasts.ts'

export function useReviewAnswers({ all, queue, index, current, source, done, go, replace }: ReviewQueue) {
  const client = useClient()
  const { t } = useI18n({ useScope: 'global' })
  const decisions = useDecisionsStore()
  const settings = useSettingsStore()
  const toasts = useToastsStore()

  /** Shows the answer and the next photo at once, then stores; `takeBack` is what Undo in the sentence about it does.
   */
  function settle(
    verdict: Verdict,
    change: (photo: Photo) => Photo,
    store: (photoId: number, takeBack: () => void) => Promise<Stored | null>,
  ): Promise<Stored | null> {
    const before = current.value
    if (!before) return Promise.resolve(null)
    const next = nextOpen(queue.value, index.value)
    const after = { ...before, photo: change(before.photo), verdict }
    replace(after)
    if (settings.advance) go(next)
    const stored = keep(before, after, () => store(before.photo.id, () => void undo(answered)))
    const answered: Answered = { before, verdict, stored }
    done.value = [...done.value, answered]
    return stored
  }

  // What could not be stored is no answer: its photo asks again.
  async function keep(
    before: ReviewItem,
    after: ReviewItem & { verdict: Verdict },
    store: () => Promise<Stored | null>,
  ): Promise<Stored | null> {
    const stored = await store()
    if (stored !== null) {
      await tell(before, answers[after.verdict]).catch(toasts.fail)
      return stored
    }
    done.value = done.value.filter(entry => entry.before !== before)
    if (all.value.includes(after)) replace(before)
    return null
  }

  async function tell(item: ReviewItem, answer: LabelIssueAnswer): Promise<void> {
    if (item.suspect && source.value?.kind === 'suspects') {
      await client.request('suspects.answer', {
        evidenceId: source.value.evidenceId,
        photoIds: [item.photo.id],
        answer,
      })
    }
  }

  /** Takes an answer of this queue back, the newest where none is named, and shows its photo again; false where there
   *  is none. What another tab decided stays. */
  async function undo(answered = done.value.at(-1)): Promise<boolean> {
    const at = answered ? done.value.indexOf(answered) : -1
    if (!answered || at < 0) return false
    const { before } = answered
    // What was said of the same photo after it goes with it.
    done.value = done.value.filter((other, place) => place < at || other.before.photo.id !== before.photo.id)
    const stored = await answered.stored
    if (stored !== null && stored.changed > 0 && !(await decisions.undo(stored.id))) return true
    replace(before)
    go(queue.value.findIndex(item => item.photo.id === before.photo.id))
    if (stored === null) return true
    await tell(before, before.verdict ? answers[before.verdict] : 'withdrawn').catch(toasts.fail)
    if (stored.changed === 0) toasts.say(t('review.takenBack', { name: before.photo.name }))
    return true
  }

  return { settle, undo }
}
