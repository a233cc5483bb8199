// The CPU as a device: the same plans in WebAssembly with SIMD, on as many threads as the host gives it. What runs is
// done when `run` returns; the thread that calls it is one of the threads.

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
import type { ReferenceArray } from '../kernels/kernel.ts'
import { writeStep } from '../kernels/step.ts'
import { countersAddress, mostBytes, mostCalls, mostThreads, stepAddress, words } from './layout.ts'
import { buildProgram, type ProgramHost, type WasmProgram } from './program.ts'
import { ThreadLoop, usualAnswerMs, type ThreadSetup } from './thread-loop.ts'
import { WasmMemory } from './wasm-memory.ts'
import { arrayOn, referenceName } from './reference-device.ts'
import type { SimdKind, WasmKernels } from './wasm-module.ts'

/** A thread that a host has started: it runs `serveThread` (thread.ts). */
export interface StartedThread {
  stop(): void
}

/** How a host starts a thread. Resolves when the thread waits for work; rejects where it cannot be had. */
export type StartThread = (setup: ThreadSetup) => Promise<StartedThread>

export interface WasmDeviceOptions {
  readonly kernels: WasmKernels
  /** Threads in all, counting the caller's; more than one needs `startThread` and shared memory. */
  readonly threads?: number
  readonly startThread?: StartThread
  /** Bytes that its memory may grow to; at most 4 GiB. */
  readonly mostBytes?: number
  /** A run in which no thread begins anything for so long loses the device. Default: half a minute. */
  readonly answerMs?: number
}

interface WasmBuffer extends DeviceBuffer {
  readonly address: number
}

interface Prepared extends Program {
  readonly wasm: WasmProgram
  readonly buffers: ReadonlySet<DeviceBuffer>
}

/** Threads that cannot be started are done without. */
export async function createWasmDevice(options: WasmDeviceOptions): Promise<WasmDevice> {
  const { kernels, threads = 1, startThread } = options
  const shared = kernels.shared
  const memory = new WasmMemory(shared, options.mostBytes)
  const device = new WasmDevice(memory, kernels, options.answerMs)
  if (shared && startThread) {
    const others = Array.from({ length: Math.min(mostThreads, threads) - 1 }, (_, i) =>
      startThread(device.setupOf(i + 1)),
    )
    const outcomes = await Promise.allSettled(others)
    const begun = outcomes.findIndex(({ status }) => status === 'rejected')
    outcomes.forEach((outcome, i) => {
      if (outcome.status === 'rejected') return
      // Threads are counted without gaps: one behind a gap would be waited for and never asked.
      if (begun < 0 || i < begun) device.add(outcome.value)
      else outcome.value.stop()
    })
  }
  return device
}

/** The CPU as a device: plans in WebAssembly with SIMD, on as many threads as its host starts. */
export class WasmDevice implements Device {
  readonly counters: DeviceCounters = noCounts()
  readonly #memory: WasmMemory
  readonly #kernels: WasmKernels
  readonly #entries: readonly string[]
  readonly #host: ProgramHost
  readonly #loop: ThreadLoop
  readonly #answerMs: number
  readonly #threads: StartedThread[] = []
  readonly #programs = new Set<Prepared>()
  #scratch = { bytes: 0, places: [] as number[] }
  #most = mostThreads
  #dead: CoreError | undefined

  constructor(memory: WasmMemory, kernels: WasmKernels, answerMs = usualAnswerMs) {
    this.#answerMs = answerMs
    this.#memory = memory
    this.#kernels = kernels
    this.#entries = Object.keys(kernels.fields)
    this.#loop = new ThreadLoop(this.setupOf(0))
    this.#host = {
      kernels,
      entryOf: new Map(this.#entries.map((name, i) => [name, i])),
      addressOf: buffer => (buffer as WasmBuffer).address,
      allocate: (bytes, label) => this.#allocate(bytes, label),
      free: address => this.#memory.free(address),
      store: (address, numbers) => new Int32Array(memory.memory.buffer, address, numbers.length).set(numbers),
      view: range => this.#view(range),
    }
  }

  /** A memory that is not shared gets another buffer when it grows. */
  get #control(): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#memory.memory.buffer, 0, countersAddress / 4)
  }

  get info(): DeviceInfo {
    return {
      kind: 'cpu',
      name: cpuDeviceName(this.threads, this.#kernels.simd),
      software: true,
      maxBindingBytes: 2 ** 31 - 2 ** 16,
      maxResidentBytes: 2 ** 30,
    }
  }

  /** Threads that compute, counting the caller's. */
  get threads(): number {
    return Math.min(this.#most, this.#threads.length + 1)
  }

  /** From the next run on at most so many threads, so that others have a core; the results are the same. */
  useThreads(most: number): void {
    this.#most = Math.max(1, most)
  }

  /** Bytes of buffers and programs. */
  get memoryUsed(): number {
    return this.#memory.used
  }

  /** What a thread needs to begin. Its scratch is placed when a program asks for some. */
  setupOf(thread: number): ThreadSetup {
    const { module } = this.#kernels
    const { memory } = this.#memory
    return { memory, module, entries: this.#entries, thread, answerMs: this.#answerMs }
  }

  add(thread: StartedThread): void {
    this.#threads.push(thread)
  }

  async createBuffers(
    requests: readonly { readonly bytes: number; readonly label: string }[],
  ): Promise<DeviceBuffer[]> {
    const made: WasmBuffer[] = []
    try {
      for (const { bytes, label } of requests) made.push({ bytes, label, address: this.#allocate(bytes, label) })
    } catch (error) {
      for (const { address } of made) this.#memory.free(address)
      throw error
    }
    this.counters.buffers += made.length
    this.counters.buffersMade += made.length
    this.counters.bufferBytes += made.reduce((sum, buffer) => sum + buffer.bytes, 0)
    return made
  }

  /** Also gives back the memory of every program that uses one of them. */
  destroyBuffers(buffers: readonly DeviceBuffer[]): void {
    for (const program of this.#programs) {
      if (!buffers.some(buffer => program.buffers.has(buffer))) continue
      for (const place of program.wasm.places) this.#memory.free(place)
      this.#programs.delete(program)
    }
    for (const buffer of buffers) this.#memory.free((buffer as WasmBuffer).address)
    this.counters.buffers -= buffers.length
    this.counters.bufferBytes -= buffers.reduce((sum, buffer) => sum + buffer.bytes, 0)
  }

  write(buffer: DeviceBuffer, offset: number, data: Uint8Array | Uint32Array | Float32Array): void {
    this.#memory
      .bytes((buffer as WasmBuffer).address + offset, data.byteLength)
      .set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }

  async read(buffer: DeviceBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    if (this.#dead) throw this.#dead
    this.counters.readbacks++
    const copy = new Uint8Array(bytes)
    copy.set(this.#memory.bytes((buffer as WasmBuffer).address + offset, bytes))
    await this.finished()
    return copy.buffer
  }

  async prepare(calls: readonly BoundCall[]): Promise<Program> {
    const wasm = buildProgram(this.#host, calls)
    try {
      if (wasm.passes > mostCalls)
        throw new CoreError('bad-argument', `A step of ${wasm.passes} calls is too long.`, `Use a net of fewer layers.`)
      this.#fitScratch(wasm.threadScratch)
    } catch (error) {
      for (const place of wasm.places) this.#memory.free(place)
      throw error
    }
    const buffers = new Set(calls.flatMap(({ ranges }) => Object.values(ranges).map(({ buffer }) => buffer)))
    const prepared: Prepared = { calls: calls.length, wasm, buffers }
    this.#programs.add(prepared)
    return prepared
  }

  run(calls: readonly ProgramCall[]): void {
    if (this.#dead) throw this.#dead
    this.counters.submits++
    for (const { program, step } of calls) {
      this.counters.dispatches += program.calls
      const { wasm } = program as Prepared
      writeStep(new DataView(this.#memory.memory.buffer), stepAddress, step)
      this.#runOn(this.threads, wasm, number => wasm.reference(number, step))
    }
  }

  #runOn(threads: number, wasm: WasmProgram, reference: (number: number) => void): void {
    new Int32Array(this.#memory.memory.buffer, countersAddress, wasm.passes * 2).fill(0)
    const control = this.#control
    control[words.program] = wasm.address
    control[words.threads] = threads
    Atomics.store(control, words.left, 0)
    if (this.#threads.length > 0) {
      Atomics.add(control, words.run, 1)
      Atomics.notify(control, words.run)
    }
    try {
      this.#loop.run(wasm.address, threads, reference)
      this.#loop.await(() => Atomics.load(control, words.left) >= this.#threads.length, control, words.left)
    } catch (error) {
      throw this.#die(error)
    }
  }

  /** After a failure in the middle of a step nothing in memory is worth anything. */
  #die(error: unknown): CoreError {
    const failed = Atomics.load(this.#control, words.failed)
    const who = failed > 0 ? `Thread ${failed} of the CPU device` : 'The CPU device'
    this.#dead = new CoreError(
      'device-lost',
      `${who} stopped in the middle of a step: ${error instanceof Error ? error.message : String(error)}`,
      'Go on from the last checkpoint; if it happens again, use fewer threads.',
    )
    return this.#dead
  }

  /** Lets messages in: a step blocks its thread. */
  async finished(): Promise<void> {
    await new Promise<void>(resolve => setTimeout(resolve))
    if (this.#dead) throw this.#dead
  }

  destroy(): void {
    Atomics.store(this.#control, words.program, 0)
    for (const thread of this.#threads.splice(0)) thread.stop()
  }

  #allocate(bytes: number, label: string): number {
    const address = this.#memory.allocate(bytes)
    if (address !== undefined) return address
    throw new CoreError(
      'out-of-memory',
      `There is no memory for ${label} (${Math.ceil(bytes / 2 ** 20)} MiB): ${Math.ceil(this.#memory.used / 2 ** 20)} MiB of at most ${mostBytes / 2 ** 20} are taken.`,
      'Choose a smaller batch or a smaller photo size.',
    )
  }

  /** As much scratch for every thread as the most demanding program asks for. */
  #fitScratch(bytes: number): void {
    if (bytes <= this.#scratch.bytes) return
    const places: number[] = []
    try {
      while (places.length <= this.#threads.length) places.push(this.#allocate(bytes, 'scratch of a thread'))
    } catch (error) {
      for (const place of places) this.#memory.free(place)
      throw error
    }
    for (const place of this.#scratch.places) this.#memory.free(place)
    this.#scratch = { bytes, places }
    this.#loop.useScratch(places[0]!)
    places.forEach((place, thread) => Atomics.store(this.#control, words.scratch + thread, place))
  }

  #view({ buffer, offset, bytes, type }: BufferRange): ReferenceArray {
    return arrayOn(this.#memory.memory.buffer, (buffer as WasmBuffer).address + offset, bytes, type)
  }
}

/** What the device is called, also before there is one: estimates of time go by it. */
export function cpuDeviceName(threads: number, simd: SimdKind | 'none'): string {
  if (simd === 'none') return referenceName
  return `CPU, ${threads} thread${threads === 1 ? '' : 's'}${simd === 'plain' ? ', plain SIMD' : ''}`
}
