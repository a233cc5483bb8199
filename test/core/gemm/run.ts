// Runs an emitted shader by itself on the GPU that Dawn finds, so that a test can choose the cut.

import { create } from 'webgpu'
import type { Emitted } from '../../../src/core/gemm/product.ts'
import { bufferUsage, mapMode, shaderStage } from '../../../src/core/gpu/constants.ts'
import { deviceDescriptor } from '../../../src/core/gpu/gpu-device.ts'
import type { Access } from '../../../src/core/kernels/kernel.ts'
import type { Target } from '../../../src/core/kernels/target.ts'
import { subgroupSize } from '../../../src/core/gpu/subgroups.ts'

export type Floats = Float32Array<ArrayBuffer>

export interface BoundFloats {
  readonly access: Access
  readonly values: Floats
}

export interface Bench {
  readonly target: Target
  /** What is in the bindings that are written, after the shader ran once over copies of all of them. */
  run(emitted: Emitted, bindings: readonly BoundFloats[]): Promise<Floats[]>
  close(): void
}

/** Undefined where there is no GPU; with CI=true that is an error. */
export async function openBench(): Promise<Bench | undefined> {
  const gpu = create([])
  const adapter = await gpu.requestAdapter()
  if (!adapter) {
    if (process.env.CI === 'true')
      throw new Error('No GPU was found. Run scripts/software-gpu.sh first: with CI=true the GPU tests must run.')
    console.warn('NO GPU FOUND: the emitted kernels are not run. scripts/software-gpu.sh installs a software GPU.')
    return undefined
  }
  const device = await adapter.requestDevice(deviceDescriptor(adapter))
  return {
    target: { lanes: subgroupSize(device), software: true },
    run: (emitted, bindings) => run(device, emitted, bindings),
    close: () => (device.destroy(), void gpu),
  }
}

async function run(
  device: GPUDevice,
  { wgsl, workgroups }: Emitted,
  bindings: readonly BoundFloats[],
): Promise<Floats[]> {
  const layout = device.createBindGroupLayout({
    entries: bindings.map(({ access }, binding) => ({
      binding,
      visibility: shaderStage.compute,
      buffer: { type: access === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
    })),
  })
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ code: wgsl }), entryPoint: 'main' },
  })
  const buffers = bindings.map(({ values }) => filled(device, values))
  const bindGroup = device.createBindGroup({
    layout,
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, bindGroup)
  pass.dispatchWorkgroups(...workgroups)
  pass.end()
  device.queue.submit([encoder.finish()])
  const found: Floats[] = []
  for (const [i, { access, values }] of bindings.entries())
    if (access !== 'read') found.push((await read(device, buffers[i]!)).subarray(0, values.length))
  for (const buffer of buffers) buffer.destroy()
  return found
}

function filled(device: GPUDevice, values: Floats): GPUBuffer {
  const size = Math.ceil(values.byteLength / 16) * 16
  const buffer = device.createBuffer({
    size,
    usage: bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyDestination,
  })
  device.queue.writeBuffer(buffer, 0, values)
  return buffer
}

async function read(device: GPUDevice, buffer: GPUBuffer): Promise<Floats> {
  const staging = device.createBuffer({ size: buffer.size, usage: bufferUsage.mapRead | bufferUsage.copyDestination })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(mapMode.read)
  const values = new Float32Array(staging.getMappedRange().slice(0))
  staging.destroy()
  return values
}
