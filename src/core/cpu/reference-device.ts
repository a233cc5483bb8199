// Plans run by the kernels' references on typed arrays: what judges the other devices in tests, and what computes where an
// engine has no SIMD. Slow, never broken.

import { CoreError } from '../error.ts'
import {
  noCounts,
  type BoundCall,
  type BufferRange,
  type Device,
  type DeviceBuffer,
  type DeviceCounters,
  type DeviceInfo,
  type Program,
  type ProgramCall,
} from '../device.ts'
import { plainConstants, type ElementType, type ReferenceArray } from '../kernels/kernel.ts'
import type { StepValues } from '../kernels/step.ts'

interface CpuBuffer extends DeviceBuffer {
  readonly memory: ArrayBuffer
}

interface CpuProgram extends Program {
  readonly run: (step: StepValues) => void
}

/** What the device by the references alone is called. */
export const referenceName = 'CPU (no GPU)'

/** A device that runs the kernels' references on one thread: slow, needs nothing, and judges the fast ones. */
export function createReferenceDevice(): Device {
  return new CpuDevice()
}

class CpuDevice implements Device {
  readonly info: DeviceInfo = { kind: 'cpu', name: referenceName, software: true, maxBindingBytes: 2 ** 31 }
  readonly counters: DeviceCounters = noCounts()

  async createBuffers(
    requests: readonly { readonly bytes: number; readonly label: string }[],
  ): Promise<DeviceBuffer[]> {
    const made = requests.map(({ bytes, label }): CpuBuffer => ({ bytes, label, memory: allocate(bytes, label) }))
    this.counters.buffers += made.length
    this.counters.buffersMade += made.length
    this.counters.bufferBytes += made.reduce((sum, buffer) => sum + buffer.bytes, 0)
    return made
  }

  destroyBuffers(buffers: readonly DeviceBuffer[]): void {
    this.counters.buffers -= buffers.length
    this.counters.bufferBytes -= buffers.reduce((sum, buffer) => sum + buffer.bytes, 0)
  }

  write(buffer: DeviceBuffer, offset: number, data: Uint8Array | Uint32Array | Float32Array): void {
    new Uint8Array((buffer as CpuBuffer).memory, offset).set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    )
  }

  async read(buffer: DeviceBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    this.counters.readbacks++
    const copy = (buffer as CpuBuffer).memory.slice(offset, offset + bytes) // now: what is run while this waits is not asked about
    await this.finished()
    return copy
  }

  async prepare(calls: readonly BoundCall[]): Promise<Program> {
    const ready = calls.map(prepareCall)
    const run = (step: StepValues) => {
      for (const call of ready) call(step)
    }
    return { calls: calls.length, run } as CpuProgram
  }

  run(calls: readonly ProgramCall[]): void {
    this.counters.submits++
    for (const { program, step } of calls) {
      this.counters.dispatches += program.calls
      ;(program as CpuProgram).run(step)
    }
  }

  /** Lets messages in: a step of the CPU device blocks its thread. */
  async finished(): Promise<void> {
    await new Promise<void>(resolve => setTimeout(resolve))
  }

  destroy(): void {}
}

function allocate(bytes: number, label: string): ArrayBuffer {
  try {
    return new ArrayBuffer(Math.ceil(bytes / 16) * 16)
  } catch {
    throw new CoreError(
      'out-of-memory',
      `There is no memory for ${label} (${Math.ceil(bytes / 2 ** 20)} MiB).`,
      'Choose a smaller batch or a smaller photo size.',
    )
  }
}

function prepareCall(call: BoundCall): (step: StepValues) => void {
  const arrays = Object.fromEntries(Object.entries(call.ranges).map(([name, range]) => [name, arrayOf(range)]))
  const constants = plainConstants(call.constants)
  return step => call.kernel.reference(arrays, constants, step)
}

function arrayOf({ buffer, offset, bytes, type }: BufferRange): ReferenceArray {
  return arrayOn((buffer as CpuBuffer).memory, offset, bytes, type)
}

/** What a reference sees of `bytes` of a memory. */
export function arrayOn(memory: ArrayBuffer, offset: number, bytes: number, type: ElementType): ReferenceArray {
  if (type === 'u8') return new Uint8Array(memory, offset, bytes)
  return type === 'u32' ? new Uint32Array(memory, offset, bytes / 4) : new Float32Array(memory, offset, bytes / 4)
}
