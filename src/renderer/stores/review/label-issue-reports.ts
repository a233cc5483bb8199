// What was found about labels so far: reports by run and method, and the ways to find more. The margins of a run are
// there when it ends and cost nothing to rank; the cross-validation trains several nets first
// (training-cross-validation.ts).

import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { ServiceError } from '../../../contract/errors.ts'
import type { LabelIssueReport } from '../../../contract/records.ts'
import { useClient } from '../../api/client-key.ts'
import { useLibraryStore } from '../library/library.ts'
import { useRunsStore } from '../models/runs.ts'

export const useLabelIssueReportsStore = defineStore('label-issue-reports', () => {
  const client = useClient()
  const library = useLibraryStore()
  const runs = useRunsStore()
  const list = shallowRef<readonly LabelIssueReport[]>([])
  /** Runs whose margins were ranked, or looked for in vain. */
  const known = shallowRef<ReadonlySet<number>>(new Set())

  const ensuring = new Map<number, Promise<void>>()

  /** Newest first, of this run and of other tools. */
  const of = (runId: number) => list.value.filter(entry => entry.runId === runId || entry.runId === null)
  /** What Review shows of a run where nothing else is asked for. */
  const firstOf = (runId: number) => of(runId).find(entry => entry.runId === runId) ?? of(runId)[0] ?? null
  /** What was found of features alone, before any training. */
  const beforeRuns = computed(
    () => list.value.find(entry => entry.runId === null && entry.method === 'features') ?? null,
  )
  /** Whether the cross-validation of a run has ended. */
  const checked = (runId: number) => list.value.some(entry => entry.runId === runId && entry.method === 'folds')
  /** How many photos wait for a decision: suspects before the stop point of the newest run; without any, all that it
   *  mispredicts. */
  const waiting = computed(() =>
    runs.latest ? (firstOf(runs.latest.id)?.open ?? library.summary?.wrong ?? 0) : (beforeRuns.value?.open ?? 0),
  )

  watch(
    () => library.summary?.id,
    () => {
      list.value = []
      known.value = new Set()
      ensuring.clear()
    },
  )
  // Before the first run what was found then is read at once, and its counts follow what is decided.
  watch(
    () => (runs.known && !runs.latest ? [library.summary?.id, library.summary?.labelRevision].join() : null),
    wanted => {
      if (wanted !== null) void refresh().catch(() => {})
    },
    { immediate: true },
  )
  // A run's margins are ranked as soon as it has ended, here or in a terminal, so that its suspects are counted, and
  // there when Review is opened; the counts follow what is decided, as the list of runs is read anew with every change.
  watch(
    () => runs.latest,
    run => {
      if (run) void (known.value.has(run.id) ? refresh() : ensure(run.id)).catch(() => {})
    },
    { immediate: true },
  )

  async function refresh(): Promise<void> {
    const asked = library.summary?.id
    const found = await client.request('suspects.list', {})
    if (library.summary?.id === asked) list.value = found
  }

  /** Reads what there is; the first time a run without a report has its margins ranked, if it kept any. */
  function ensure(runId: number): Promise<void> {
    const before = ensuring.get(runId)
    if (before) return before
    const under = make(runId).finally(() => {
      if (ensuring.get(runId) === under) ensuring.delete(runId)
    })
    ensuring.set(runId, under)
    return under
  }

  async function make(runId: number): Promise<void> {
    const asked = library.summary?.id
    const stays = () => library.summary?.id === asked
    await refresh()
    if (stays() && !known.value.has(runId) && !list.value.some(entry => entry.runId === runId))
      await find(runId, 'margin-trace').catch(passIfNone)
    if (stays()) known.value = new Set(known.value).add(runId)
  }

  async function find(runId: number, method: 'margin-trace' | 'folds'): Promise<LabelIssueReport> {
    const found = await client.request('suspects.find', { runId, method })
    await refresh()
    return found
  }

  return { list, known, waiting, beforeRuns, of, firstOf, checked, refresh, ensure, find }
})

// A run of an old library, or one that ended before its first epoch, has no margins: then its mispredicted photos are
// the queue.
function passIfNone(error: unknown): void {
  if (!(error instanceof ServiceError) || !['no-margins', 'no-predictions', 'nothing-to-check'].includes(error.code))
    throw error
}
