// The memory of a GPU: buffers made and destroyed, written from the host's memory and read back into it.

import { CoreError } from '../error.ts'
import { bufferUsage, mapMode } from './constants.ts'
import type { Device, DeviceBuffer, DeviceCounters } from '../device.ts'
import type { GpuHealth } from './gpu-health.ts'

export interface GpuBuffer extends DeviceBuffer {
  readonly gpu: GPUBuffer
}

/** Begins a wait for the GPU and ends with it. */
export type Wait = <T>(begin: () => Promise<T>) => Promise<T>

/** As `Device` says. All but destroying throws where the device has failed. */
export class GpuMemory implements Pick<Device, 'createBuffers' | 'destroyBuffers' | 'write' | 'read'> {
  readonly #gpu: GPUDevice
  readonly #health: GpuHealth
  readonly #counters: DeviceCounters
  readonly #wait: Wait

  constructor(gpu: GPUDevice, health: GpuHealth, counters: DeviceCounters, wait: Wait) {
    this.#gpu = gpu
    this.#health = health
    this.#counters = counters
    this.#wait = wait
  }

  async createBuffers(
    requests: readonly { readonly bytes: number; readonly label: string }[],
  ): Promise<DeviceBuffer[]> {
    this.#health.throwIfFailed()
    this.#gpu.pushErrorScope('out-of-memory')
    this.#gpu.pushErrorScope('validation')
    const made = requests.map(({ bytes, label }) => this.#createBuffer(bytes, label))
    const problems = await this.#health.answered(Promise.all([this.#gpu.popErrorScope(), this.#gpu.popErrorScope()]))
    const problem = problems.find(found => found !== null)
    if (problem) {
      this.destroyBuffers(made)
      throw outOfMemory(requests, problem.message)
    }
    return made
  }

  #createBuffer(bytes: number, label: string): GpuBuffer {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16)
    const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyDestination
    this.#counters.buffers++
    this.#counters.buffersMade++
    this.#counters.bufferBytes += bytes
    return { bytes, label, gpu: this.#gpu.createBuffer({ label, size, usage }) }
  }

  destroyBuffers(buffers: readonly DeviceBuffer[]): void {
    for (const buffer of buffers) {
      ;(buffer as GpuBuffer).gpu.destroy()
      this.#counters.buffers--
      this.#counters.bufferBytes -= buffer.bytes
    }
  }

  write(
    buffer: DeviceBuffer,
    offset: number,
    data: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
  ): void {
    this.#health.throwIfFailed()
    const whole = data.byteLength % 4 === 0
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    this.#gpu.queue.writeBuffer((buffer as GpuBuffer).gpu, offset, whole ? bytes : padded(bytes))
  }

  async read(buffer: DeviceBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    this.#health.throwIfFailed()
    this.#counters.readbacks++
    const size = Math.ceil(bytes / 4) * 4
    const staging = this.#gpu.createBuffer({
      label: 'readback',
      size,
      usage: bufferUsage.copyDestination | bufferUsage.mapRead,
    })
    try {
      const encoder = this.#gpu.createCommandEncoder()
      encoder.copyBufferToBuffer((buffer as GpuBuffer).gpu, offset, staging, 0, size)
      this.#gpu.queue.submit([encoder.finish()])
      await this.#health.answered(this.#wait(() => staging.mapAsync(mapMode.read)))
      return staging.getMappedRange().slice(0, bytes)
    } finally {
      staging.destroy()
    }
  }
}

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
  whole.set(bytes)
  return whole
}

function outOfMemory(requests: readonly { readonly bytes: number }[], reason: string): CoreError {
  const mebibytes = Math.ceil(requests.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20)
  return new CoreError(
    'out-of-memory',
    `The GPU has no room for ${mebibytes} MiB (${reason.split('\n')[0]}).`,
    'Choose a smaller batch or a smaller photo size.',
  )
}
