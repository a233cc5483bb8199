// What more photos would bring: runs of the same settings that learnt from fewer photos, and the training of those that
// are missing, one after the other like any run of this page.

import { until } from '@vueuse/core'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Run, RunSettings } from '../../../contract/records.ts'
import { useClient } from '../../api/client-key.ts'
import { useRunsStore } from './runs.ts'
import { useToastsStore } from '../shell/toasts.ts'
import { useTrainingStore } from '../training/training.ts'

/** Of the photos of the run asked about. */
const shares = [0.25, 0.5]

export const useLearningCurveStore = defineStore('learning-curve', () => {
  const client = useClient()
  const runs = useRunsStore()
  const training = useTrainingStore()
  const toasts = useToastsStore()
  /** The share that is being trained. */
  const working = shallowRef<number | null>(null)

  /** Finished runs that differ from this one only in how many photos they learnt from, the newest of each number;
   *  fewest photos first. */
  function of(run: Run): Run[] {
    const alike = runs.finished.filter(other => recipeOf(other.settings) === recipeOf(run.settings))
    const bySize = new Map([...alike].sort((a, b) => a.id - b.id).map(other => [other.photos.train, other]))
    return [...bySize.set(run.photos.train, run).values()].sort((a, b) => a.photos.train - b.photos.train)
  }

  /** Trains with a quarter and a half of the run's photos, from fresh weights; ends early when a run is stopped or
   *  fails. `name` names them. */
  async function train(run: Run, name: (created: string, share: number) => string): Promise<void> {
    const { fromRunId: _, ...fresh } = run.settings
    try {
      for (const share of shares) {
        working.value = share
        const created = await training.start({ ...fresh, trainShare: share * (run.settings.trainShare ?? 1) })
        if (!created) return void (training.error && toasts.fail(training.error))
        await client.request('runs.rename', { runId: created.id, name: name(runs.named(created).name, share) })
        await until(() => training.busy).toBe(false)
        await runs.refresh()
        if (runs.byId(created.id)?.state !== 'done') return
      }
    } catch (error) {
      toasts.fail(error)
    } finally {
      working.value = null
    }
  }

  return { working, of, train }
})

/** What two runs must share to be compared by their numbers of photos. */
function recipeOf({ trainShare: _share, fromRunId: _from, ...rest }: RunSettings): string {
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)))
}
