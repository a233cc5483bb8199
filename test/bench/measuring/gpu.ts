// The one way the benchmark opens a GPU: Dawn in Node, timestamps unrounded. The peers look for `navigator.gpu` and the
// WebGPU classes among the globals, so those are put there first.

import { create, globals } from 'webgpu'
import { describeAdapter } from '../../../src/main/hosts/gpu-node.ts'

export interface OpenGpu {
  /** Must stay referenced: the adapter dies with it. */
  readonly gpu: GPU
  readonly adapter: GPUAdapter
  readonly name: string
  /** A CPU that pretends to be a GPU. */
  readonly software: boolean
}

/** Throws with what to do where Dawn finds no adapter. */
export async function openGpu(): Promise<OpenGpu> {
  const gpu = create(['disable-dawn-features=timestamp_quantization'])
  Object.assign(globalThis, globals)
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true })
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new Error('Dawn finds no GPU. scripts/software-gpu.sh installs a software one.')
  return { gpu, adapter, ...describeAdapter(adapter.info) }
}
