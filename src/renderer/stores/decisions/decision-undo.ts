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

  /** The newest decision of all, or the one of this id; false where it could not be taken back, which is said. */
  function undo(decisionId?: number): Promise<boolean> {
    return back(
      () => client.request('history.undo', decisionId === undefined ? {} : { decisionId }),
      'decisions.undone',
      { label: t('common.redo'), run: () => void redo() },
    )
  }

  function redo(): Promise<boolean> {
    return back(() => client.request('history.redo', {}), 'decisions.redone', {
      label: t('common.undo'),
      run: () => void undo(),
    })
  }

  async function back(ask: () => Promise<Decision>, key: string, action: ToastAction): Promise<boolean> {
    try {
      const decision = await ask()
      toasts.say(t(key, { text: describe(decision) }), action)
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
