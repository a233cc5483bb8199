// What is under way in the open library and ends or pauses when another is opened: a training of this page, a training
// that another window may be at, jobs of the service. Whoever opens another library asks first.

import { until } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useJobsStore } from './jobs.ts'
import { useRunsStore } from '../models/runs.ts'
import { useTrainingStore } from '../training/training.ts'

export type WorkUnderWay =
  | { readonly kind: 'training' | 'folds' | 'elsewhere' }
  | { readonly kind: 'jobs'; readonly jobs: readonly string[] }

/** A training that does not answer any more is left to itself after so long. */
const PATIENCE_MS = 60_000

export const useLeavingStore = defineStore('leaving', () => {
  const jobs = useJobsStore()
  const runs = useRunsStore()
  const training = useTrainingStore()

  /** The most costly to end first; null where nothing is under way. */
  const work = computed<WorkUnderWay | null>(() => {
    if (training.busy) return { kind: training.folds ? 'folds' : 'training' }
    // Pixels are prepared for a training, which is told by itself.
    const kinds = jobs.active.filter(job => job.state !== 'paused' && job.kind !== 'pixels').map(job => job.kind)
    if (kinds.length > 0) return { kind: 'jobs', jobs: [...new Set(kinds)] }
    return runs.list.some(run => run.state === 'running') ? { kind: 'elsewhere' } : null
  })

  /** Ends the training of this page, its best weights kept, so that nothing of it gets into the next library. The
   *  service itself lets its jobs rest. */
  async function endTraining(): Promise<void> {
    if (!training.busy) return
    // A run that is still being made hears no word yet.
    await until(() => training.runId !== null || training.folds !== null || !training.busy).toBe(true, {
      timeout: PATIENCE_MS,
    })
    training.stop()
    await until(() => training.busy).toBe(false, { timeout: PATIENCE_MS })
  }

  return { work, endTraining }
})
