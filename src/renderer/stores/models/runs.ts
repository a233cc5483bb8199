// The training runs of the library, newest first, and what one may do with a run that has ended.

import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ModelFormatName } from '../../../contract/export-formats.ts'
import type { ExportRecord, Run } from '../../../contract/records.ts'
import { useClient } from '../../api/client-key.ts'
import { useLibraryStore } from '../library/library.ts'

export const useRunsStore = defineStore('runs', () => {
  const client = useClient()
  const { t } = useI18n({ useScope: 'global' })
  const library = useLibraryStore()
  const read = shallowRef<readonly Run[]>([])
  const list = computed({
    get: (): readonly Run[] => read.value.map(named),
    set: (next: readonly Run[]) => {
      read.value = next
    },
  })
  /** The runs of the open library were read. */
  const known = shallowRef(false)
  const finished = computed(() => list.value.filter(run => run.state === 'done' || run.state === 'stopped'))
  /** The newest that learnt from all photos. */
  const latest = computed(() => finished.value.find(run => run.settings.trainShare === undefined))

  // The runs of a library that was left are none of the next one, though their ids are alike.
  watch(
    () => library.summary?.id,
    () => {
      list.value = []
      known.value = false
    },
    { flush: 'sync' },
  )

  let newest: Promise<void> = Promise.resolve()
  /** Resolves when the list is at least as new as this call. */
  function refresh(): Promise<void> {
    const mine: Promise<void> = ask(() => newest === mine).then(shown =>
      shown || newest === mine ? undefined : newest,
    )
    newest = mine
    return mine
  }

  /** A run that nobody named has a name in the language of the page. */
  const named = (run: Run): Run =>
    run.name === `Run ${run.id}` ? { ...run, name: t('models.runName', { id: run.id }) } : run

  async function ask(isNewest: () => boolean): Promise<boolean> {
    const open = library.summary?.id
    const runs = await (open === undefined ? [] : client.request('runs.list', {}))
    if (!isNewest() || library.summary?.id !== open) return false
    list.value = [...runs].sort((a, b) => b.id - a.id)
    known.value = open !== undefined
    return true
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

  /** `unknownBelow`: what the page itself calls "unknown", so that other software can do the same; `folds`: the nets of
   *  the cross-validation as one. */
  function exportModel(
    runId: number,
    format: ModelFormatName,
    unknownBelow: number,
    folds: boolean,
  ): Promise<ExportRecord> {
    return client.request('exports.create', { runId, format, unknownBelow, folds })
  }

  return {
    list,
    known,
    finished,
    latest,
    refresh,
    rename,
    remove,
    exportModel,
    named,
    byId: (id: number) => list.value.find(run => run.id === id),
  }
})
