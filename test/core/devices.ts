// The devices that core's tests run on: the reference and the CPU device in WebAssembly always, and a GPU (real or software)
// where Dawn finds one. A test run without a GPU says so loudly, and with CI=true the missing GPU is a failure.

import { create, globals } from 'webgpu'
import { createWasmDevice, type WasmDevice } from '../../src/core/cpu/wasm-device.ts'
import { loadKernels, type SimdKind } from '../../src/core/cpu/wasm-module.ts'
import { startNodeThread } from '../../src/main/hosts/cpu-threads.ts'
import { createReferenceDevice, createGpuDevice, deviceDescriptor, type Device } from '../../src/core/index.ts'

/** A device of its own for the caller to destroy; undefined where Dawn finds no adapter. `taken` says what it is taken
 *  for: a software GPU gets other cuts than a real one. */
export async function openGpuDevice(taken: { readonly software?: boolean } = {}): Promise<Device | undefined> {
  Object.assign(globalThis, { GPUDevice: (globals as { readonly GPUDevice?: unknown }).GPUDevice })
  const gpu = create(['disable-dawn-features=timestamp_quantization'])
  const adapter = await gpu.requestAdapter()
  if (!adapter) return undefined
  const software = /llvmpipe|swiftshader/i.test(adapter.info.description)
  return createGpuDevice(await adapter.requestDevice(deviceDescriptor(adapter)), {
    name: adapter.info.description,
    software,
    owner: gpu,
    ...taken,
  })
}

/** 'cpu' is the reference. */
export type DeviceKind = 'cpu' | 'wasm' | 'gpu'

/** The kinds a suite runs on. Throws with CI=true where there is no GPU, so that nothing passes by being left out. */
export async function availableDevices(): Promise<DeviceKind[]> {
  const device = await openGpuDevice()
  if (device) {
    device.destroy()
    return ['cpu', 'wasm', 'gpu']
  }
  if (process.env.CI === 'true')
    throw new Error('No GPU was found. Run scripts/software-gpu.sh first: with CI=true the GPU tests must run.')
  console.warn('NO GPU FOUND: these tests run on the processor only. scripts/software-gpu.sh installs a software GPU.')
  return ['cpu', 'wasm']
}

export async function openDevice(kind: DeviceKind): Promise<Device> {
  if (kind === 'cpu') return createReferenceDevice()
  if (kind === 'wasm') return openWasmDevice()
  const device = await openGpuDevice()
  if (!device) throw new Error('The GPU of a moment ago is gone.')
  return device
}

/** `work` with a device that is destroyed after it. */
export async function withDevice<T>(kind: DeviceKind, work: (device: Device) => Promise<T>): Promise<T> {
  const device = await openDevice(kind)
  try {
    return await work(device)
  } finally {
    device.destroy()
  }
}

/** The CPU device in WebAssembly: by default on two threads, with the best SIMD of this machine. */
export async function openWasmDevice({
  threads = 2,
  simd = 'relaxed',
}: { readonly threads?: number; readonly simd?: SimdKind } = {}): Promise<WasmDevice> {
  const kernels = await loadKernels(threads > 1, simd)
  if (!kernels) throw new Error('This Node has no WebAssembly SIMD.')
  return createWasmDevice({ kernels, threads, startThread: startNodeThread })
}
