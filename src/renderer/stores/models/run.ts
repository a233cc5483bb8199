// One run on screen: its rows and its events, folded. Events of a live run and of a reopened one take the same way; Vue
// is told a few times a second at most, however fast they come.

import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import type { Run, RunEvent, RunRows } from '../../../contract/records.ts'
import { useConnection } from '../../api/client-key.ts'
import { emptyRunState, foldAll, foldEvent } from './run-state.ts'
import type { RunViewState } from './run-state.ts'

const TELL_MS = 200

export const useRunStore = defineStore('run', () => {
  const { client, epoch } = useConnection()
  const run = shallowRef<Run | null>(null)
  const rows = shallowRef<RunRows | null>(null)
  const state = shallowRef<RunViewState>(emptyRunState())
  /** Rises when the state has changed in place. */
  const version = shallowRef(0)
  let stop = () => {}
  let timer: ReturnType<typeof setTimeout> | null = null
  let generation = 0

  /** Shows a run: what was kept of it, then what comes. */
  async function open(runId: number): Promise<void> {
    const mine = ++generation
    stop()
    const early: RunEvent[] = []
    let ready = false
    const unsubscribe = client.subscribe('run', { runId }, event => (ready ? take(event) : early.push(event)))
    stop = unsubscribe
    const [nextRun, events, nextRows] = await kept(runId).catch(error => {
      unsubscribe()
      throw error
    })
    if (mine !== generation) return
    run.value = nextRun
    rows.value = nextRows
    state.value = foldAll(events)
    for (const event of unseen(events, early)) foldEvent(state.value, event)
    ready = true
    version.value++
  }

  // What happened while the service did not answer was told to nobody: it is read from what was kept.
  watch(epoch, () => {
    if (run.value) void open(run.value.id).catch(() => {})
  })

  function kept(runId: number) {
    return Promise.all([
      client.request('runs.get', { runId }),
      client.request('runs.events', { runId }),
      client.request('runs.rows', { runId }).catch(() => null),
    ])
  }

  function take(event: RunEvent): void {
    foldEvent(state.value, event)
    timer ??= setTimeout(() => {
      timer = null
      version.value++
    }, TELL_MS)
  }

  /** Rows are known once the pixels are prepared, which for a new run is after it is opened. */
  async function loadRows(): Promise<void> {
    if (!run.value || rows.value) return
    rows.value = await client.request('runs.rows', { runId: run.value.id }).catch(() => null)
  }

  function close(): void {
    generation++
    stop()
    stop = () => {}
    run.value = null
    rows.value = null
    state.value = emptyRunState()
  }

  return { run, rows, state, version, open, close, loadRows }
})

// Events that came while the kept ones were read may be among those already.
function unseen(kept: readonly RunEvent[], early: readonly RunEvent[]): RunEvent[] {
  const seen = new Set(kept.slice(-2000).map(event => JSON.stringify(event)))
  return early.filter(event => !seen.has(JSON.stringify(event)))
}
