// The interface of a device, on which plans run: a GPU through WebGPU, the CPU through WebAssembly, or the kernels'
// references. All keep the same promises: calls run in the order in which they are given, `read` sees everything that
// was run before it, and `run` does not wait.

import type { Constants, ElementType, Kernel } from './kernels/kernel.ts'
import type { StepValues } from './kernels/step.ts'

/** What a device is and can hold; sizes in bytes. */
export interface DeviceInfo {
  readonly kind: 'gpu' | 'cpu'
  /** Name for people: the adapter's description, or "CPU (no GPU)". */
  readonly name: string
  /** True where a CPU pretends to be a GPU (lavapipe, SwiftShader) and for the CPU device. */
  readonly software: boolean
  /** The largest single buffer that a kernel can see, in bytes. */
  readonly maxBindingBytes: number
  /** The largest data set to keep on the device; default: what a kernel can see. */
  readonly maxResidentBytes?: number
  /** Whether its kernels can store f16; default: no. */
  readonly halfPrecision?: boolean
}

/** A piece of device memory; made and destroyed by its device. */
export interface DeviceBuffer {
  readonly bytes: number
  readonly label: string
}

/** A range of a buffer as one binding of a kernel. Offsets are multiples of 256 bytes. */
export interface BufferRange {
  readonly buffer: DeviceBuffer
  readonly offset: number
  readonly bytes: number
  readonly type: ElementType
}

export interface BoundCall {
  readonly kernel: Kernel
  readonly constants: Constants
  readonly ranges: Readonly<Record<string, BufferRange>>
}

/** Calls made ready: pipelines, bind groups and uniforms exist. Belongs to the device that prepared it. */
export interface Program {
  readonly calls: number
}

/** A program with the values of one step: what `Device.run` takes. */
export interface ProgramCall {
  readonly program: Program
  readonly step: StepValues
}

/** Counts since the device was made; tests and the benchmark compare them before and after. */
export interface DeviceCounters {
  buffers: number
  bufferBytes: number
  buffersMade: number
  dispatches: number
  submits: number
  readbacks: number
  bindGroupsMade: number
}

/** The counters of a new device. */
export function noCounts(): DeviceCounters {
  return {
    buffers: 0,
    bufferBytes: 0,
    buffersMade: 0,
    dispatches: 0,
    submits: 0,
    readbacks: 0,
    bindGroupsMade: 0,
  }
}

/** What was found by measuring on this adapter, so that a later run need not measure again and decides the same. */
export interface Findings {
  recall(key: string): Promise<string | undefined>
  remember(key: string, finding: string): Promise<void>
}

/** What plans run on. A host makes one (`createGpuDevice`, `createReferenceDevice`, the CPU device) and destroys it;
 *  all calls run in the order in which they are given. */
export interface Device {
  readonly info: DeviceInfo
  /** Where the host remembers. */
  readonly findings?: Findings | undefined
  readonly counters: Readonly<DeviceCounters>
  /** Allocates zeroed buffers together. Rejects with CoreError 'out-of-memory'; then none of them exists. */
  createBuffers(requests: readonly { readonly bytes: number; readonly label: string }[]): Promise<DeviceBuffer[]>
  destroyBuffers(buffers: readonly DeviceBuffer[]): void
  write(
    buffer: DeviceBuffer,
    offset: number,
    data: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
  ): void
  /** Bytes of a range after everything run so far. Rejects with CoreError 'device-lost' if the device went away. */
  read(buffer: DeviceBuffer, offset: number, bytes: number): Promise<ArrayBuffer>
  /** Compiles what is not compiled yet. Rejects with CoreError 'shader-failed' naming kernel and line. */
  prepare(calls: readonly BoundCall[]): Promise<Program>
  /** Runs the programs in order, at most 64, in one command buffer and one submit; where that would hold up the screen,
   *  in about so many `submits` of equal work, long calls in parts (submits.ts). The results are the same bit for bit.
   */
  run(calls: readonly ProgramCall[], submits?: number): void
  /** Resolves when everything run so far has finished. */
  finished(): Promise<void>
  destroy(): void
}

export const maxCallsPerSubmit = 64
