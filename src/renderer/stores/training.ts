// The training worker of this page: what it computes on, the run it works on, and the buttons pause, go on, stop and cancel.
// The events of the run reach the page by way of the service, so that a run looks the same here, in another tab and when it is opened again.

import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { fromErrorRecord } from '../../contract/errors.ts'
import type { Run, RunSettings } from '../../contract/records.ts'
import { useConnection } from '../api/client-key.ts'
import type { DeviceInfo, FoldProgress, FromWorker, ToWorker } from '../training/messages.ts'
import { useLibraryStore } from './library.ts'
import { useRunsStore } from './runs.ts'
import { useSettingsStore } from './settings.ts'
import { useToastsStore } from './toasts.ts'

export type Phase = 'idle' | 'starting' | 'training' | 'paused' | 'ending'

export const useTrainingStore = defineStore('training', () => {
  const connection = useConnection()
  const library = useLibraryStore()
  const runs = useRunsStore()
  const settings = useSettingsStore()
  const toasts = useToastsStore()
  const device = shallowRef<DeviceInfo | null>(null)
  const phase = shallowRef<Phase>('idle')
  /** The run this page trains. */
  const runId = shallowRef<number | null>(null)
  const error = shallowRef<Error | null>(null)
  /** How far the careful check is, while this page runs one. */
  const folds = shallowRef<FoldProgress | null>(null)
  /** The run is thrown away as soon as it has ended. */
  const cancelling = shallowRef(false)
  const busy = computed(() => phase.value !== 'idle')
  let worker: Worker | null = null
  let foldsEnded: ((complete: boolean) => void) | null = null

  /** Starts the worker, which then says what it will compute on. Called once the page is on screen, so that it does not wait for a GPU. */
  function wake(): Worker {
    if (worker) return worker
    const made = new Worker(new URL('../training/worker.ts', import.meta.url), { type: 'module', name: 'training' })
    let heard = false
    made.onmessage = (event: MessageEvent<FromWorker>) => {
      heard = true
      hear(event.data)
    }
    made.onerror = event => {
      if (!heard) letGo(made)
      fail(new Error(event.message || 'The training worker could not be started.'))
    }
    worker = made
    connection.connectWorker(worker)
    worker.postMessage({ kind: 'compute-on', choice: settings.computeOn } satisfies ToWorker)
    return worker
  }

  // One that never said a word could not be started: the next run starts another.
  function letGo(silent: Worker): void {
    silent.terminate()
    if (worker === silent) worker = null
  }

  watch(() => settings.computeOn, choice => worker?.postMessage({ kind: 'compute-on', choice } satisfies ToWorker))

  function hear(message: FromWorker): void {
    if (message.kind === 'device') device.value = message.device
    else if (message.kind === 'started') phase.value = phase.value === 'starting' ? 'training' : phase.value
    else if (message.kind === 'failed') fail(fromErrorRecord(message.error))
    else if (message.kind === 'ended') void settle()
    else if (message.kind === 'folds') folds.value = message.progress
    else if (message.kind === 'folds-ended') void endFolds(message.complete)
  }

  /** The careful check of a run: true when every fold is done, false when it was stopped or failed; what is done is kept. */
  function startFolds(of: number, count: number, seed = 1): Promise<boolean> {
    if (busy.value) return Promise.resolve(false)
    error.value = null
    phase.value = 'training'
    folds.value = { fold: 0, folds: count, done: 0, secondsLeft: null }
    tell({ kind: 'start-folds', runId: of, folds: count, seed })
    return new Promise(resolve => { foldsEnded = resolve })
  }

  async function endFolds(complete: boolean): Promise<void> {
    await settle()
    foldsEnded?.(complete)
    foldsEnded = null
  }

  /** `file` are the weights that `settings.fromFile` names. Null where it could not begin: `error` says why, and whoever asked shows it. */
  function start(settings: RunSettings, file: Uint8Array<ArrayBuffer> | null = null): Promise<Run | null> {
    return begin(async () => {
      const run = await connection.client.request('runs.create', settings)
      if (file) await connection.client.putBytes('beginning', { runId: run.id }, file)
      return run
    })
  }

  /** Goes on with a run that was stopped or cut off, from its last checkpoint. */
  async function goOn(of: number): Promise<Run | null> {
    const run = await begin(() => connection.client.request('runs.resume', { runId: of }))
    if (!run && error.value) toasts.fail(error.value)
    return run
  }

  async function begin(make: () => Promise<Run>): Promise<Run | null> {
    if (busy.value) return null
    error.value = null
    phase.value = 'starting'
    try {
      const run = await make()
      runId.value = run.id
      tell({ kind: 'start', runId: run.id })
      void runs.refresh().catch(() => {})
      return run
    } catch (caught) {
      error.value = caught as Error
      await endFolds(false)
      return null
    }
  }

  function tell(message: ToWorker): void {
    wake().postMessage(message)
  }

  function fail(caught: Error): void {
    error.value = caught
    toasts.fail(caught)
    void endFolds(false)
  }

  async function settle(): Promise<void> {
    const thrownAway = cancelling.value && runId.value !== null ? runId.value : null
    cancelling.value = false
    if (thrownAway !== null) await connection.client.request('runs.delete', { runId: thrownAway }).catch(toasts.fail)
    phase.value = 'idle'
    folds.value = null
    await Promise.all([library.refresh(), runs.refresh()]).catch(() => {})
  }

  function pause(): void {
    if (phase.value !== 'training') return
    phase.value = 'paused'
    tell({ kind: 'pause' })
  }

  function resume(): void {
    if (phase.value !== 'paused') return
    phase.value = 'training'
    tell({ kind: 'resume' })
  }

  function stop(): void {
    phase.value = 'ending'
    tell({ kind: 'stop' })
  }

  /** Stops, and when the run has ended throws it away; a careful check keeps what it has done. */
  function cancel(): void {
    cancelling.value = folds.value === null
    stop()
  }

  return { device, phase, runId, error, folds, busy, cancelling, wake, start, goOn, startFolds, pause, resume, stop, cancel }
})
