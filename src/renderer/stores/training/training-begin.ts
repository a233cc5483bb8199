// How a run begins in this page: made or taken up again by the service, then handed to the worker.

import type { Run, RunSettings } from '../../../contract/records.ts'
import { useClient } from '../../api/client-key.ts'
import type { ToWorker } from '../../training/messages.ts'
import { useRunsStore } from '../models/runs.ts'
import { useToastsStore } from '../shell/toasts.ts'
import type { TrainingWork } from './training-work.ts'

export function useTrainingBegin(
  { phase, runId, error, busy, settle }: TrainingWork,
  tell: (message: ToWorker) => void,
) {
  const client = useClient()
  const runs = useRunsStore()
  const toasts = useToastsStore()

  /** `file` are the weights that `settings.fromFile` names. Null where it could not begin: `error` says why, and
   *  whoever asked shows it. */
  function start(settings: RunSettings, file: Uint8Array<ArrayBuffer> | null = null): Promise<Run | null> {
    return begin(async () => {
      const run = await client.request('runs.create', settings)
      if (file) await client.putBytes('beginning', { runId: run.id }, file)
      return run
    })
  }

  /** Goes on with a run that was stopped or cut off, from its last checkpoint. */
  async function goOn(of: number): Promise<Run | null> {
    const run = await begin(() => client.request('runs.resume', { runId: of }))
    if (!run && error.value) toasts.fail(error.value)
    return run
  }

  async function begin(make: () => Promise<Run>): Promise<Run | null> {
    if (busy.value) return null
    error.value = null
    // Until it is made, no run is the one at work: least of all the last.
    runId.value = null
    phase.value = 'starting'
    try {
      const run = await make()
      runId.value = run.id
      tell({ kind: 'start', runId: run.id })
      void runs.refresh().catch(() => {})
      return run
    } catch (caught) {
      error.value = caught as Error
      await settle()
      return null
    }
  }

  return { start, goOn }
}
