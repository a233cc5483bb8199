// The training worker of this page: what it computes on, the run (training-begin.ts) or cross-validation
// (training-cross-validation.ts) it works on, and the buttons pause, go on, stop and cancel. The events of the run
// reach the page by way of the service, so that a run looks the same here, in another tab and when it is opened again.

import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { fromErrorRecord } from '../../../contract/errors.ts'
import type { WorkerDeviceInfo, FromWorker } from '../../training/messages.ts'
import { usePageWorker } from './page-worker.ts'
import { useSpareThread } from './spare-thread.ts'
import { useToastsStore } from '../shell/toasts.ts'
import { useTrainingBegin } from './training-begin.ts'
import { useTrainingCrossValidation } from './training-cross-validation.ts'
import { useTrainingQuick } from './training-quick.ts'
import { useTrainingWork } from './training-work.ts'

export const useTrainingStore = defineStore('training', () => {
  const toasts = useToastsStore()
  const device = shallowRef<WorkerDeviceInfo | null>(null)
  const work = useTrainingWork()
  const { phase, runId, error, folds, quick, busy, cancelling, settle } = work
  const { wake, tell, tellAwake } = usePageWorker({
    name: 'training',
    hear,
    fail: message => fail(new Error(message || 'The training worker could not be started.')),
  })
  useSpareThread(tellAwake)
  const { start, goOn } = useTrainingBegin(work, tell)
  const { startFolds, endFolds } = useTrainingCrossValidation(work, tell)
  const { startQuick, endQuick } = useTrainingQuick(work, tell)

  function hear(message: FromWorker): void {
    if (message.kind === 'device') device.value = message.device
    else if (message.kind === 'started') phase.value = phase.value === 'starting' ? 'training' : phase.value
    else if (message.kind === 'failed') fail(fromErrorRecord(message.error))
    else if (message.kind === 'ended') void settle()
    else if (message.kind === 'folds') folds.value = message.progress
    else if (message.kind === 'folds-ended') void endFolds(message.complete)
    else if (message.kind === 'quick') quick.value = message.progress
    else if (message.kind === 'quick-ended') void endQuick(message.runId)
  }

  function fail(caught: Error): void {
    error.value = caught
    toasts.fail(caught)
    void endQuick(null)
    void endFolds(false)
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

  /** Stops, and when the run has ended throws it away; a cross-validation keeps what it has done. */
  function cancel(): void {
    cancelling.value = folds.value === null && quick.value === null
    stop()
  }

  return {
    device,
    phase,
    runId,
    error,
    folds,
    quick,
    busy,
    cancelling,
    wake,
    start,
    goOn,
    startFolds,
    startQuick,
    pause,
    resume,
    stop,
    cancel,
  }
})
