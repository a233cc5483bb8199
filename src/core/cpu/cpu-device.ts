// The device of a machine without a GPU, as good as the machine allows: WebAssembly with relaxed or plain SIMD on several
// threads, on one where memory cannot be shared, and the references where there is no SIMD.

import type { Device } from '../device.ts'
import { createReferenceDevice } from './reference-device.ts'
import { createWasmDevice, type StartThread } from './wasm-device.ts'
import { loadKernels, type SimdKind } from './wasm-module.ts'

/** What of the machine the CPU device may use. */
export interface CpuDeviceOptions {
  /** Threads in all, counting the caller's. Default: 1. */
  readonly threads?: number
  /** How the host starts one more; without it there is one thread. */
  readonly startThread?: StartThread
  /** Whether threads can share memory: in a page only where it is cross-origin isolated. Default: whether there is a
   *  SharedArrayBuffer. */
  readonly shared?: boolean
  /** The most to use of what the machine has. Default: relaxed SIMD. */
  readonly simd?: SimdKind | 'none'
  /** Bytes that its memory may grow to; at most 4 GiB, which is the default. */
  readonly mostBytes?: number
}

/** The device to compute on where there is no GPU. Rejects with CoreError 'bad-argument' where the kernels have not been
 *  built. */
export async function createCpuDevice(options: CpuDeviceOptions = {}): Promise<Device> {
  const { threads = 1, startThread, simd = 'relaxed', mostBytes } = options
  const shared =
    (options.shared ?? typeof SharedArrayBuffer !== 'undefined') && threads > 1 && startThread !== undefined
  const kernels = simd === 'none' ? undefined : await loadKernels(shared, simd)
  if (!kernels) return createReferenceDevice()
  return createWasmDevice({
    kernels,
    threads,
    ...(startThread && { startThread }),
    ...(mostBytes !== undefined && { mostBytes }),
  })
}
