// Decisions taken back and done again, by the history of the service: each said in a sentence that offers the opposite.

import { shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Decision } from '../../../contract/records.ts'
import { useClient } from '../../api/client-key.ts'
import { useDecisionText } from './decision-text.ts'
import { useLibraryStore } from '../library/library.ts'
import { useToastsStore } from '../shell/toasts.ts'
import type { ToastAction } from '../shell/toasts.ts'

export function useDecisionUndo() {
  const client = useClient()
  const { t } = useI18n({ useScope: 'global' })
  const { describe } = useDecisionText()
  const library = useLibraryStore()
  const toasts = useToastsStore()

  /** What was taken back or done again last by this page. */
  const returned = shallowRef<Decision | null>(null)

  /** The newest decision of all, or the one of this id; false where it could not be taken back, which is said. What was
   *  taken back is told as `sentence`, by its kind where none is given. */
  function undo(decisionId?: number, sentence?: string): Promise<boolean> {
    return back(
      () => client.request('history.undo', decisionId === undefined ? {} : { decisionId }),
      decision => sentence ?? t('decisions.undone', { text: describe(decision) }),
      { label: t('common.redo'), run: () => void redo() },
    )
  }

  function redo(): Promise<boolean> {
    return back(
      () => client.request('history.redo', {}),
      decision => t('decisions.redone', { text: describe(decision) }),
      { label: t('common.undo'), run: () => void undo() },
    )
  }

  async function back(
    ask: () => Promise<Decision>,
    sentence: (decision: Decision) => string,
    action: ToastAction,
  ): Promise<boolean> {
    try {
      const decision = await ask()
      toasts.say(sentence(decision), action)
      returned.value = decision
    } catch (error) {
      toasts.fail(error)
      return false
    }
    await library.refresh().catch(toasts.fail)
    return true
  }

  return { undo, redo, returned }
}
