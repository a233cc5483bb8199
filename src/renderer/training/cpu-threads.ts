// The CPU device in the page: a worker for each thread beside the one that trains. Only a cross-origin isolated page
// (main/hosts/page-headers.ts) may share memory between them; elsewhere there is one thread.

import {
  cpuAbilities,
  cpuDeviceName,
  createCpuDevice,
  type Device,
  type StartThread,
  type WasmDevice,
} from '../../core/index.ts'
import type { ProcessorInfo } from './messages.ts'

const startMs = 20_000

const startPageThread: StartThread = setup =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./cpu-thread.ts', import.meta.url), { type: 'module', name: 'cpu thread' })
    const late = setTimeout(() => {
      worker.terminate()
      reject(new Error(`A thread of the CPU device did not start within ${startMs / 1000} s.`))
    }, startMs)
    worker.onmessage = () => {
      clearTimeout(late)
      resolve({ stop: () => worker.terminate() })
    }
    worker.onerror = event => {
      clearTimeout(late)
      reject(new Error(event.message))
    }
    worker.postMessage(setup)
  })

/** What the processor brings: threads it would run on, and its SIMD. */
export async function processorInfo(): Promise<ProcessorInfo> {
  const { simd } = await cpuAbilities()
  const threads = simd === 'none' ? 1 : threadsHere()
  return { simd, threads, name: cpuDeviceName(threads, simd) }
}

export function openPageCpuDevice(): Promise<Device> {
  const threads = threadsHere()
  return createCpuDevice({ threads, startThread: startPageThread, shared: threads > 1 })
}

/** With two cores the page and the training share them as the system sees fit: half the threads would be half the pace. */
export function spareThread(device: WasmDevice, spare: boolean): void {
  const all = threadsHere()
  device.useThreads(spare && all > 2 ? all - 1 : all)
}

function threadsHere(): number {
  return globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1
}
