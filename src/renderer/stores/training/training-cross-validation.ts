// The cross-validation of a run in this page: the worker trains several nets, each of which judges photos it has not seen.

import type { ToWorker } from '../../training/messages.ts'
import type { TrainingWork } from './training-work.ts'

export function useTrainingCrossValidation(
  { phase, error, folds, busy, settle }: TrainingWork,
  tell: (message: ToWorker) => void,
) {
  let ended: ((complete: boolean) => void) | null = null

  /** True when every fold is done, false when it was stopped or failed; what is done is kept. */
  function startFolds(of: number, count: number, seed = 1): Promise<boolean> {
    if (busy.value) return Promise.resolve(false)
    error.value = null
    phase.value = 'training'
    folds.value = { fold: 0, folds: count, done: 0, secondsLeft: null }
    tell({ kind: 'start-folds', runId: of, folds: count, seed })
    return new Promise(resolve => {
      ended = resolve
    })
  }

  /** The check has ended or, where none was under way, the run. */
  async function endFolds(complete: boolean): Promise<void> {
    const tellEnd = ended
    ended = null
    await settle()
    tellEnd?.(complete)
  }

  return { startFolds, endFolds }
}
