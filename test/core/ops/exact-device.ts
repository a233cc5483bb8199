// A device for tests that runs the kernels' references on float64 arrays, so that finite differences can judge a
// backward to eight digits. Offsets and sizes stay those of float32 buffers; the memory behind them is twice as large.

import type {
  BoundCall,
  BufferRange,
  Device,
  DeviceBuffer,
  DeviceCounters,
  Program,
  ProgramCall,
} from '../../../src/core/device.ts'
import { plainConstants, type ReferenceArray } from '../../../src/core/kernels/kernel.ts'
import type { StepValues } from '../../../src/core/kernels/step.ts'

interface ExactBuffer extends DeviceBuffer {
  readonly memory: ArrayBuffer
}

interface ExactProgram extends Program {
  readonly list: readonly ((step: StepValues) => void)[]
}

/** References in float64. `values` gives a range as the array the references see; `runFirst` runs the first calls of a
 *  program only. */
export interface ExactDevice extends Device {
  values(range: BufferRange): Float64Array
  runFirst(calls: number, call: ProgramCall): void
}

export function createExactDevice(): ExactDevice {
  const counters: DeviceCounters = {
    buffers: 0,
    bufferBytes: 0,
    buffersMade: 0,
    dispatches: 0,
    submits: 0,
    readbacks: 0,
    bindGroupsMade: 0,
  }
  return {
    info: { kind: 'cpu', name: 'float64', software: true, maxBindingBytes: 2 ** 30 },
    counters,
    createBuffers: async requests =>
      requests.map(({ bytes, label }): ExactBuffer => ({
        bytes,
        label,
        memory: new ArrayBuffer(Math.ceil(bytes / 16) * 32),
      })),
    destroyBuffers: () => {},
    write: (buffer, offset, data) => {
      const type = data instanceof Uint8Array ? 'u8' : data instanceof Uint32Array ? 'u32' : 'f32'
      view({ buffer, offset, bytes: data.byteLength, type }).set(data)
    },
    read: async (buffer, offset, bytes) => Float32Array.from(view({ buffer, offset, bytes, type: 'f32' })).buffer,
    prepare: async calls => ({ calls: calls.length, list: listOf(calls) }) as ExactProgram,
    run: given => given.forEach(call => runFirst(call.program.calls, call)),
    finished: async () => {},
    destroy: () => {},
    values: range => view(range) as Float64Array,
    runFirst,
  }
}

function view({ buffer, offset, bytes, type }: BufferRange): Float64Array | Uint32Array | Uint8Array {
  const { memory } = buffer as ExactBuffer
  if (type === 'u8') return new Uint8Array(memory, offset * 2, bytes)
  return type === 'u32'
    ? new Uint32Array(memory, offset * 2, bytes / 4)
    : new Float64Array(memory, offset * 2, bytes / 4)
}

function runFirst(calls: number, { program, step }: ProgramCall): void {
  const { list } = program as ExactProgram
  for (let i = 0; i < calls; i++) list[i]!(step)
}

function listOf(calls: readonly BoundCall[]): ((step: StepValues) => void)[] {
  return calls.map(({ kernel, constants, ranges }) => {
    // Float64Array in the place of Float32Array: references cannot tell.
    const arrays = Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => [name, view(range) as unknown as ReferenceArray]),
    )
    const plain = plainConstants(constants)
    return step => kernel.reference(arrays, plain, step)
  })
}
