// The GPU that the platform offers, if any, and its name for people. The GPU object is handed in, never looked up.

import { createGpuDevice, deviceDescriptor } from '../../core/index.ts'
import type { Device, Tuning } from '../../core/index.ts'
import { isOutrunByProcessor, isSoftwareAdapter } from '../../training/software-adapter.ts'
import type { ComputeChoice, WorkerDeviceInfo } from './messages.ts'
import { openPageCpuDevice, processorInfo } from './cpu-threads.ts'

export interface FoundAdapter {
  readonly info: WorkerDeviceInfo
  readonly adapter: GPUAdapter | null
}

/** Never rejects: without an adapter the reason is in the info, and the CPU computes. */
export async function findAdapter(gpu: GPU | undefined, choice: ComputeChoice): Promise<FoundAdapter> {
  if (choice === 'processor') return await processor('chosen')
  if (!gpu) return await processor('noApi')
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) return await processor('noAdapter')
    const name = nameOf(adapter.info)
    const software = isSoftwareAdapter(adapter.info)
    if (choice === 'auto' && (await isOutrunByProcessor({ name, software }))) return await processor('imitated', name)
    return { adapter, info: { kind: 'gpu', adapter: name, software } }
  } catch (error) {
    return await processor('failed', error instanceof Error ? error.message : String(error))
  }
}

async function processor(
  reason: Extract<WorkerDeviceInfo, { kind: 'cpu' }>['reason'],
  detail = '',
): Promise<FoundAdapter> {
  return { adapter: null, info: { kind: 'cpu', reason, detail, processor: await processorInfo() } }
}

/** When the process behind the GPU has gone it takes the browser a moment to start another: until then what is asked
 *  for is refused. */
const patience = { tries: 6, pauseMs: 400 }

/** A device for one run. An adapter gives one device only, so each call asks for a new one. */
export async function openDevice(
  gpu: GPU | undefined,
  choice: ComputeChoice,
  tuningFor: (info: GPUAdapterInfo, software: boolean) => Tuning,
  { tries, pauseMs } = patience,
): Promise<Device> {
  for (let left = tries - 1; ; left--) {
    const { adapter, info } = await findAdapter(gpu, choice)
    if (adapter && info.kind === 'gpu') {
      const device = await adapter.requestDevice(deviceDescriptor(adapter)).catch((error: Error) => error)
      if (!(device instanceof Error))
        return createGpuDevice(device, {
          name: info.adapter,
          software: info.software,
          tuning: tuningFor(adapter.info, info.software),
        })
      if (left === 0) throw device
    } else if (left === 0 || info.kind === 'gpu' || info.reason !== 'failed') return openPageCpuDevice()
    await new Promise(resolve => setTimeout(resolve, pauseMs))
  }
}

// Browsers fill these fields sparsely, for privacy; the first that says something wins.
function nameOf(info: GPUAdapterInfo): string {
  const generation = [info.vendor, info.architecture].filter(Boolean).join(' ')
  return info.description || info.device || generation || 'GPU'
}
