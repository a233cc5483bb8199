// The CPU device in Node: a worker for each thread beside the caller's, which runs cpu-thread.ts.

import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { createCpuDevice } from '../../core/cpu/cpu-device.ts'
import type { StartThread } from '../../core/cpu/wasm-device.ts'
import type { Device } from '../../core/device.ts'

/** A worker that has not begun to wait after so long is done without. */
const startMs = 20_000

/** On all cores of this machine; `threads`: on so many. */
export function openCpuDevice(threads = availableParallelism()): Promise<Device> {
  return createCpuDevice({ threads, startThread: startNodeThread })
}

export const startNodeThread: StartThread = setup =>
  new Promise((resolve, reject) => {
    const worker = new Worker(threadFile(), { workerData: setup })
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

/** The source, or what the build made of it: beside the bundle, whose parts may lie in a folder below. */
function threadFile(): string {
  const here = import.meta.dirname
  const places = [join(here, 'cpu-thread.ts'), join(here, 'cpu-thread.js'), join(here, '..', 'cpu-thread.js')]
  return places.find(place => existsSync(place)) ?? places[0]!
}
