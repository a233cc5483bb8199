// The training runs of the library, newest first, and what one may do with a run that has ended.

import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { ExportRecord, Run } from '../../contract/records.ts'
import { useClient } from '../api/client-key.ts'
import { useLibraryStore } from './library.ts'

export const useRunsStore = defineStore('runs', () => {
  const client = useClient()
  const library = useLibraryStore()
  const list = shallowRef<readonly Run[]>([])
  const known = shallowRef(false)
  const finished = computed(() => list.value.filter(run => run.state === 'done' || run.state === 'stopped'))
  /** The newest that learnt from all photos. */
  const latest = computed(() => finished.value.find(run => run.settings.trainShare === undefined))

  async function refresh(): Promise<void> {
    const runs = library.summary ? await client.request('runs.list', {}) : []
    list.value = [...runs].sort((a, b) => b.id - a.id)
    known.value = true
  }

  async function rename(runId: number, name: string): Promise<void> {
    await client.request('runs.rename', { runId, name: name.trim() })
    await refresh()
  }

  async function remove(runId: number): Promise<void> {
    await client.request('runs.delete', { runId })
    await refresh()
    await library.refresh()
  }

  /** `unknownBelow`: what the page itself calls "unknown", so that other software can do the same; `folds`: the nets of the careful check as one. */
  function exportOnnx(runId: number, unknownBelow: number, folds: boolean): Promise<ExportRecord> {
    return client.request('exports.create', { runId, format: 'onnx', unknownBelow, folds })
  }

  return { list, known, finished, latest, refresh, rename, remove, exportOnnx, byId: (id: number) => list.value.find(run => run.id === id) }
})
