// What this page trains, a run or a cross-validation: in which phase it is, what went wrong, and what follows when it has
// ended.

import { computed, shallowRef } from 'vue'
import { useClient } from '../../api/client-key.ts'
import type { FoldProgress, QuickProgress } from '../../training/messages.ts'
import { useLibraryStore } from '../library/library.ts'
import { useRunsStore } from '../models/runs.ts'
import { useToastsStore } from '../shell/toasts.ts'

export type Phase = 'idle' | 'starting' | 'training' | 'paused' | 'ending'

export type TrainingWork = ReturnType<typeof useTrainingWork>

export function useTrainingWork() {
  const client = useClient()
  const library = useLibraryStore()
  const runs = useRunsStore()
  const toasts = useToastsStore()
  const phase = shallowRef<Phase>('idle')
  /** The run this page trains; null while it trains none. */
  const runId = shallowRef<number | null>(null)
  const error = shallowRef<Error | null>(null)
  /** How far the cross-validation is, while this page runs one. */
  const folds = shallowRef<FoldProgress | null>(null)
  /** How far the quick model is, while this page makes one. */
  const quick = shallowRef<QuickProgress | null>(null)
  /** The run is thrown away as soon as it has ended. */
  const cancelling = shallowRef(false)
  const busy = computed(() => phase.value !== 'idle')

  /** It has ended, in whatever way. Resolves when the page knows what came of it. */
  async function settle(): Promise<void> {
    const thrownAway = cancelling.value && runId.value !== null ? runId.value : null
    cancelling.value = false
    if (thrownAway !== null) await client.request('runs.delete', { runId: thrownAway }).catch(toasts.fail)
    phase.value = 'idle'
    runId.value = null
    folds.value = null
    quick.value = null
    await Promise.all([library.refresh(), runs.refresh()]).catch(() => {})
  }

  return { phase, runId, error, folds, quick, cancelling, busy, settle }
}
