// A quick model in this page: the worker makes features, doubts and the model, and this tells how far it is.

import type { ToWorker } from '../../training/messages.ts'
import type { TrainingWork } from './training-work.ts'

/** The backbone that came with Winnow. */
export const builtInBackbone = 'built-in'

export function useTrainingQuick(
  { phase, error, quick, busy, settle }: TrainingWork,
  tell: (message: ToWorker) => void,
) {
  let ended: ((runId: number | null) => void) | null = null

  /** The run that was made; null where it was stopped or failed. */
  function startQuick(backbone = builtInBackbone): Promise<number | null> {
    if (busy.value) return Promise.resolve(null)
    error.value = null
    phase.value = 'training'
    quick.value = { stage: 'features', done: 0, total: 0, expected: null }
    tell({ kind: 'start-quick', backbone })
    return new Promise(resolve => {
      ended = resolve
    })
  }

  async function endQuick(runId: number | null): Promise<void> {
    const tellEnd = ended
    ended = null
    if (tellEnd === null) return
    await settle()
    tellEnd(runId)
  }

  return { startQuick, endQuick }
}
