// What becomes of a decision: stored by the service, then said in a sentence with Undo. Undo takes back what the
// sentence tells, whatever was decided since, here or in another tab.

import { useI18n } from 'vue-i18n'
import type { Decision } from '../../../contract/records.ts'
import { useDecisionText } from './decision-text.ts'
import { useLibraryStore } from '../library/library.ts'
import { usePhotosStore } from '../library/photos.ts'
import { useToastsStore } from '../shell/toasts.ts'

/** `undo` takes back the decision of this id. */
export function useDecide(undo: (decisionId: number) => Promise<boolean>) {
  const { t } = useI18n({ useScope: 'global' })
  const { describe } = useDecisionText()
  const photos = usePhotosStore()
  const library = useLibraryStore()
  const toasts = useToastsStore()

  /** One that is on screen already; null where it could not be stored. `takeBack` is what Undo does, where that is more
   *  than taking back the decision. */
  async function decide(
    ask: () => Promise<Decision>,
    sentence: (decision: Decision) => string,
    takeBack?: () => void,
  ): Promise<Decision | null> {
    try {
      const decision = await ask()
      say(decision.changed === 0 ? null : sentence(decision), takeBack ?? (() => void undo(decision.id)))
      return decision
    } catch (error) {
      toasts.fail(error)
      await photos.refresh()
      return null
    }
  }

  /** Any other decision: told by its kind. */
  async function record(ask: () => Promise<Decision>): Promise<void> {
    try {
      const decision = await ask()
      // A class may change without any photo.
      const nothing = decision.changed === 0 && !decision.kind.startsWith('class-')
      say(nothing ? null : describe(decision), () => void undo(decision.id))
      await library.refresh()
    } catch (error) {
      toasts.fail(error)
    }
  }

  // Null: there is nothing to tell and nothing to take back.
  function say(sentence: string | null, takeBack: () => void): void {
    if (sentence === null) toasts.say(t('decisions.nothing'))
    else toasts.say(sentence, { label: t('common.undo'), run: takeBack })
  }

  return { decide, record }
}
