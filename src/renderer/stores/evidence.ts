// What was found about labels so far: evidence by run and method, and the ways to find more. The margins of a run are there when it ends and cost
// nothing to rank; the careful check trains several nets first (see stores/folds.ts).

import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { ServiceError } from '../../contract/errors.ts'
import type { Evidence } from '../../contract/records.ts'
import { useClient } from '../api/client-key.ts'

export const useEvidenceStore = defineStore('evidence', () => {
  const client = useClient()
  const list = shallowRef<readonly Evidence[]>([])
  /** The run of which the list was read last, also where nothing was found. */
  const knownFor = shallowRef<number | null>(null)

  /** Newest first, of this run and of other tools. */
  const of = (runId: number) => list.value.filter(entry => entry.runId === runId || entry.runId === null)

  async function refresh(): Promise<void> {
    list.value = await client.request('suspects.list', {})
  }

  /** Reads what there is; a run without evidence has its margins ranked, if it kept any. */
  async function ensure(runId: number): Promise<void> {
    await refresh()
    if (!list.value.some(entry => entry.runId === runId)) await find(runId, 'margin-trace').catch(passIfNone)
    knownFor.value = runId
  }

  async function find(runId: number, method: 'margin-trace' | 'folds'): Promise<Evidence> {
    const found = await client.request('suspects.find', { runId, method })
    await refresh()
    return found
  }

  return { list, knownFor, of, refresh, ensure, find }
})

// A run of an old library, or one that ended before its first epoch, has no margins: then its mispredicted photos are the queue.
function passIfNone(error: unknown): void {
  if (!(error instanceof ServiceError) || !['no-margins', 'no-predictions', 'nothing-to-check'].includes(error.code)) throw error
}
