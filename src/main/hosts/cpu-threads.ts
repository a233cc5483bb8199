// The threads of the CPU device in Node: one worker each, which runs cpu-thread.ts.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { StartThread } from '../../core/cpu/wasm-device.ts'

/** A worker that has not begun to wait after so long is done without. */
const startMs = 20_000

export const startNodeThread: StartThread = setup =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./cpu-thread.ts', import.meta.url), { workerData: setup })
    const late = setTimeout(() => {
      void worker.terminate()
      reject(new Error(`A thread of the CPU device did not start within ${startMs / 1000} s.`))
    }, startMs)
    worker.once('message', () => {
      clearTimeout(late)
      worker.unref()
      resolve({ stop: () => void worker.terminate() })
    })
    worker.once('error', error => {
      clearTimeout(late)
      reject(error)
    })
  })

/** As many as the machine has cores. */
export function coresOfThisMachine(): number {
  return availableParallelism()
}
