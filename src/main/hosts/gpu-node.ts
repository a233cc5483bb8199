// WebGPU for Node, from Dawn (the `webgpu` package). The gpu object stays in a local: on a global it would keep Node
// from ending. No adapter is an ordinary state: `findGpu` answers null, and `openDevice` then trains on the CPU unless
// a GPU was demanded.

import { createRequire } from 'node:module'
import { ServiceError } from '../../contract/errors.ts'
import type { DeviceKind } from '../../contract/records.ts'
import type { Device } from '../../core/device.ts'
import { createGpuDevice, deviceDescriptor } from '../../core/gpu/gpu-device.ts'
import type { Tuning } from '../../core/gpu/tuner.ts'
import { openCpuDevice } from './cpu-threads.ts'
import { isOutrunByProcessor, isSoftwareAdapter } from '../../training/software-adapter.ts'

export type DeviceChoice = 'auto' | 'gpu' | 'cpu'

export interface NodeGpu {
  /** Kept as long as the adapter is used. */
  readonly gpu: GPU
  readonly adapter: GPUAdapter
  readonly name: string
  /** The processor pretends to be a GPU (lavapipe, SwiftShader): right, but no faster. */
  readonly software: boolean
}

/** What a person without a GPU can do about it. */
export const howToGetAGpu =
  "Install your graphics card's driver with Vulkan support (Linux: the vulkaninfo command shows it); on a machine without a card, scripts/software-gpu.sh installs a software GPU."

/** The adapter this machine offers, or null: no driver, or no build of Dawn for this platform. */
export async function findGpu(): Promise<NodeGpu | null> {
  try {
    const { create } = await import('webgpu')
    const gpu = create([])
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
    return adapter && { gpu, adapter, ...describeAdapter(adapter.info) }
  } catch {
    return null
  }
}

/** 'auto' takes a GPU, but not the processor that pretends to be one where it is faster by itself. */
async function chosenGpu(choice: DeviceChoice): Promise<NodeGpu | null> {
  if (choice === 'cpu') return null
  const found = await findGpu()
  return found && choice === 'auto' && (await isOutrunByProcessor(found)) ? null : found
}

/** What this choice will compute on. */
export async function kindOfDevice(choice: DeviceChoice): Promise<DeviceKind> {
  const found = await chosenGpu(choice)
  if (found === null) return 'cpu'
  return found.software ? 'software' : 'gpu'
}

/** What backbones and heads compute on: a processor that pretends to be a graphics card is slower at them than itself. */
export async function deviceForFeatures(choice: DeviceChoice): Promise<DeviceChoice> {
  return choice === 'auto' && (await kindOfDevice(choice)) === 'software' ? 'cpu' : choice
}

/** A core device for this choice. ServiceError 'no-gpu' when 'gpu' is demanded and there is none. The caller destroys
 *  it. */
export async function openDevice(choice: DeviceChoice, tuningFor?: TuningFor): Promise<Device> {
  const found = await chosenGpu(choice)
  if (!found && choice === 'gpu') throw noGpu()
  return found ? openFound(found, tuningFor?.(found.adapter.info, dawnVersion(), found.software)) : openCpuDevice()
}

/** How kernels are tuned on an adapter, given what lies between it and us (training/tuning-cache.ts). */
export type TuningFor = (info: GPUAdapterInfo, runtime: string, software: boolean) => Tuning

export async function openFound(found: NodeGpu, tuning?: Tuning): Promise<Device> {
  return createGpuDevice(await found.adapter.requestDevice(deviceDescriptor(found.adapter)), {
    name: found.name,
    software: found.software,
    owner: found.gpu,
    tuning,
  })
}

/** What compiles the shaders. */
export function dawnVersion(): string {
  try {
    return `dawn ${(createRequire(import.meta.url)('webgpu/package.json') as { version: string }).version}`
  } catch {
    return 'dawn'
  }
}

/** Name for people, and whether it is software. Drivers fill these fields unevenly, so the first that says something
 *  wins. */
export function describeAdapter(
  info: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description' | 'isFallbackAdapter'>,
): { name: string; software: boolean } {
  const software = isSoftwareAdapter(info)
  const parts = software ? [info.description || info.device] : [info.device, info.description]
  const name = parts.filter(Boolean).join(', ') || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'GPU'
  return { name, software }
}

function noGpu(): ServiceError {
  return new ServiceError(
    'no-gpu',
    'No GPU was found: WebGPU offers no adapter on this machine.',
    `${howToGetAGpu} Or train on the CPU with --device cpu.`,
  )
}
