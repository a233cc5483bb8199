// The WebGPU device. The GPUDevice is handed in by the host (page, worker, Node with Dawn); nothing is looked up here.
// Pipelines and bind groups are made in `prepare`; `run` only writes the step values, encodes one pass and submits
// once.

import { CoreError } from '../error.ts'
import { bufferUsage } from './constants.ts'
import {
  maxCallsPerSubmit,
  noCounts,
  type BoundCall,
  type BufferRange,
  type Device,
  type DeviceBuffer,
  type DeviceCounters,
  type DeviceInfo,
  type Findings,
  type Program,
  type ProgramCall,
} from '../device.ts'
import { deviceLost, GpuHealth } from './gpu-health.ts'
import { GpuMemory, type GpuBuffer, type Wait } from './gpu-memory.ts'
import { plainConstants, type Kernel } from '../kernels/kernel.ts'
import type { Target } from '../kernels/target.ts'
import { AdaptivePolling } from './adaptive-polling.ts'
import { createPipelineCache, type PipelineCache } from './pipelines.ts'
import { stepBytes, stepStride, writeStep } from '../kernels/step.ts'
import { portions, workOf, type Weighed } from './submits.ts'
import { subgroupSize } from './subgroups.ts'
import { Tuner, type Tuning } from './tuner.ts'

/** A round of tuning takes about so long. */
const roundMs = 2

interface GpuCall extends Weighed {
  readonly pipeline: GPUComputePipeline
  readonly bindGroup: GPUBindGroup
  readonly usesStep: boolean
}

interface GpuProgram extends Program {
  readonly list: readonly GpuCall[]
}

/** What to ask an adapter for: the largest buffers and workgroups it has, everything else at WebGPU's defaults. */
export function deviceDescriptor(adapter: GPUAdapter): GPUDeviceDescriptor {
  const { limits } = adapter
  const features = (['timestamp-query', 'shader-f16', 'subgroups'] as GPUFeatureName[]).filter(name =>
    adapter.features.has(name),
  )
  return {
    requiredFeatures: features,
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: Math.min(10, limits.maxStorageBuffersPerShaderStage),
      maxComputeWorkgroupStorageSize: Math.min(32_768, limits.maxComputeWorkgroupStorageSize),
    },
  }
}

export interface AdapterDescription {
  readonly name: string
  readonly software: boolean
  /** Kept as long as the device lives: Dawn for Node ends its work when its GPU object is collected. */
  readonly owner?: unknown
  /** How the hot kernels find their tile configs; without it by a rule of thumb. */
  readonly tuning?: Tuning | undefined
}

/** Wraps a device made from `deviceDescriptor`. It owns the GPUDevice from then on: `destroy` destroys it. */
export function createGpuDevice(gpu: GPUDevice, adapter: AdapterDescription): Device {
  return new GpuDevice(gpu, adapter)
}

class GpuDevice implements Device {
  readonly info: DeviceInfo
  readonly owner: unknown
  readonly findings: Findings | undefined
  readonly counters: DeviceCounters = noCounts()
  readonly #gpu: GPUDevice
  readonly #health = new GpuHealth()
  readonly #wait: Wait
  readonly #memory: GpuMemory
  readonly #target: Target
  readonly #tuner: Tuner | undefined
  readonly #pipelines: PipelineCache
  readonly #stepRows: GPUBuffer
  readonly #stepBytes = new DataView(new ArrayBuffer(stepStride * maxCallsPerSubmit))

  constructor(gpu: GPUDevice, { name, software, owner, tuning }: AdapterDescription) {
    this.#gpu = gpu
    const polling = software ? new AdaptivePolling() : undefined
    this.#wait = begin => (polling ? polling.wait(begin) : begin())
    this.#memory = new GpuMemory(gpu, this.#health, this.counters, this.#wait)
    this.owner = owner
    this.info = {
      kind: 'gpu',
      name,
      software,
      maxBindingBytes: largestBindingOf(gpu.limits),
      halfPrecision: gpu.features.has('shader-f16'),
    }
    this.#tuner = tuning && new Tuner(tuning)
    this.#target = { lanes: subgroupSize(gpu), software, ...(this.#tuner && { tuning: this.#tuner.configs }) }
    const [tuner, target] = [this.#tuner, this.#target]
    this.findings = tuner && {
      recall: key => tuner.recall(key, target),
      remember: (key, finding) => tuner.remember(key, finding, target),
    }
    this.#pipelines = createPipelineCache(gpu)
    this.#stepRows = gpu.createBuffer({
      label: 'step values',
      size: stepStride * maxCallsPerSubmit,
      usage: bufferUsage.uniform | bufferUsage.copyDestination,
    })
    // These also keep this object and its owner alive while the GPU has not said that it is lost, whoever has let go of
    // them.
    gpu.lost.then(({ message }) => this.#health.fail(deviceLost(message)))
    gpu.addEventListener('uncapturederror', event =>
      this.#health.fail(
        new CoreError(
          'shader-failed',
          `The GPU refused a command: ${event.error.message}`,
          'Report this message; training on the CPU still works.',
        ),
      ),
    )
  }

  createBuffers(requests: Parameters<Device['createBuffers']>[0]): Promise<DeviceBuffer[]> {
    return this.#memory.createBuffers(requests)
  }

  destroyBuffers(buffers: readonly DeviceBuffer[]): void {
    this.#memory.destroyBuffers(buffers)
  }

  write(...written: Parameters<Device['write']>): void {
    this.#memory.write(...written)
  }

  read(buffer: DeviceBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    return this.#memory.read(buffer, offset, bytes)
  }

  async prepare(calls: readonly BoundCall[]): Promise<Program> {
    this.#health.throwIfFailed()
    await this.#tuner?.before(calls, this.#target, {
      prepare: (call, target) => this.#prepareCall(call, target),
      time: call => this.#timeOf(call),
    })
    const list = await this.#health.answered(Promise.all(calls.map(call => this.#prepareCall(call, this.#target))))
    return { calls: calls.length, list } as GpuProgram
  }

  async #prepareCall(call: BoundCall, target: Target): Promise<GpuCall> {
    const { kernel, constants, ranges } = call
    const names = Object.keys(kernel.bindings)
    const halves = names.filter(name => ranges[name]?.type === 'f16')
    const { pipeline, layout } = await this.#pipelines.get({ kernel, constants, target, halves })
    const entries: GPUBindGroupEntry[] = names.map((name, binding) => ({
      binding,
      resource: rangeResource(kernel, name, ranges[name]),
    }))
    if (kernel.step)
      entries.push({ binding: names.length, resource: { buffer: this.#stepRows, offset: 0, size: stepBytes } })
    this.counters.bindGroupsMade++
    const bindGroup = this.#gpu.createBindGroup({ label: kernel.name, layout, entries })
    const grid = kernel.grid(plainConstants(constants), target)
    return {
      pipeline,
      bindGroup,
      usesStep: kernel.step === true,
      grid,
      work: workOf(call),
      divisible: kernel.divisible === true,
    }
  }

  /** The shortest of three rounds, each long enough for the clock. */
  async #timeOf(call: GpuCall): Promise<number> {
    const first = await this.#round(call, 1) // compiles what the driver has left for the first use
    const runs = Math.max(1, Math.min(64, Math.ceil(roundMs / Math.max(first, 1e-3))))
    let shortest = Infinity
    for (let round = 0; round < 3; round++) shortest = Math.min(shortest, (await this.#round(call, runs)) / runs)
    return shortest
  }

  async #round(call: GpuCall, runs: number): Promise<number> {
    const began = performance.now()
    this.#send(pass => {
      for (let run = 0; run < runs; run++) encode(pass, call, 0)
    })
    await this.#gpu.queue.onSubmittedWorkDone() // of a lost device at once
    this.#health.throwIfFailed()
    return performance.now() - began
  }

  run(calls: readonly ProgramCall[], submits = 1): void {
    this.#health.throwIfFailed()
    calls.forEach(({ step }, row) => writeStep(this.#stepBytes, row * stepStride, step))
    this.#gpu.queue.writeBuffer(this.#stepRows, 0, this.#stepBytes.buffer, 0, calls.length * stepStride)
    if (submits > 1) return this.#runInPortions(calls, submits)
    this.#send(pass =>
      calls.forEach(({ program }, row) => {
        const { list } = program as GpuProgram
        for (const call of list) encode(pass, call, row * stepStride)
        this.counters.dispatches += list.length
      }),
    )
    this.counters.submits++
  }

  #runInPortions(calls: readonly ProgramCall[], submits: number): void {
    const list = calls.flatMap(({ program }, row) =>
      (program as GpuProgram).list.map(call => ({ ...call, stepOffset: row * stepStride })),
    )
    for (const portion of portions(list, submits)) {
      this.#send(pass => portion.forEach(call => encode(pass, call, call.stepOffset)))
      this.counters.dispatches += portion.length
      this.counters.submits++
    }
  }

  #send(fill: (pass: GPUComputePassEncoder) => void): void {
    const encoder = this.#gpu.createCommandEncoder()
    const pass = encoder.beginComputePass()
    fill(pass)
    pass.end()
    this.#gpu.queue.submit([encoder.finish()])
  }

  async finished(): Promise<void> {
    await this.#health.answered(this.#wait(() => this.#gpu.queue.onSubmittedWorkDone()))
    this.#health.throwIfFailed()
  }

  destroy(): void {
    this.#stepRows.destroy()
    this.#gpu.destroy()
  }
}

/** Bindings are whole 16 bytes (rangeResource). */
function largestBindingOf({ maxStorageBufferBindingSize, maxBufferSize }: GPUSupportedLimits): number {
  return Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / 16) * 16
}

function encode(
  pass: GPUComputePassEncoder,
  { pipeline, bindGroup, usesStep, grid }: GpuCall,
  stepOffset: number,
): void {
  pass.setPipeline(pipeline)
  if (usesStep) pass.setBindGroup(0, bindGroup, [stepOffset])
  else pass.setBindGroup(0, bindGroup)
  pass.dispatchWorkgroups(grid[0], grid[1], grid[2])
}

function rangeResource(kernel: Kernel, name: string, range: BufferRange | undefined): GPUBufferBinding {
  if (!range)
    throw new CoreError(
      'bad-argument',
      `The kernel ${kernel.name} was called without its binding "${name}".`,
      'Pass a tensor for every binding.',
    )
  const size = Math.max(16, Math.ceil(range.bytes / 16) * 16)
  return { buffer: (range.buffer as GpuBuffer).gpu, offset: range.offset, size }
}
