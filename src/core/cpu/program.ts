// From the calls of a plan to a program in the device's memory: the passes of each call with their arguments, tables and
// scratch. A program's memory is given back when one of the buffers it uses is destroyed.

import type { BoundCall, BufferRange, DeviceBuffer } from '../device.ts'
import { plainConstants, type ReferenceArray } from '../kernels/kernel.ts'
import type { StepValues } from '../kernels/step.ts'
import { argumentWords } from './argument-block.ts'
import { callKinds, callWords } from './thread-loop.ts'
import type { WasmKernels } from './wasm-module.ts'
import type { LookupTable, WasmPass, WasmStage } from '../kernels/wasm-form.ts'

/** What a program needs of its device. */
export interface ProgramHost {
  readonly kernels: WasmKernels
  /** Numbers of the kernels' functions, by name. */
  readonly entryOf: ReadonlyMap<string, number>
  addressOf(buffer: DeviceBuffer): number
  /** Memory that lives as long as the program. Throws CoreError 'out-of-memory'. */
  allocate(bytes: number, label: string): number
  free(address: number): void
  store(address: number, words: ArrayLike<number>): void
  view(range: BufferRange): ReferenceArray
}

export interface WasmProgram {
  /** Where its words lie. */
  readonly address: number
  readonly passes: number
  /** Bytes of its own that each thread needs. */
  readonly threadScratch: number
  /** Runs the reference of pass `number`. */
  readonly reference: (number: number, step: StepValues) => void
  /** All memory of its own. */
  readonly places: readonly number[]
}

interface Pass {
  readonly call: BoundCall
  readonly constants: Readonly<Record<string, number>>
  /** Undefined: the reference runs. */
  readonly pass: WasmPass | undefined
}

/** Throws CoreError 'out-of-memory'; then nothing of it is left in memory. */
export function buildProgram(host: ProgramHost, calls: readonly BoundCall[]): WasmProgram {
  const builder = new ProgramBuilder(host)
  try {
    return builder.build(calls)
  } catch (error) {
    builder.release()
    throw error
  }
}

class ProgramBuilder {
  readonly #host: ProgramHost
  readonly #places: number[] = []
  readonly #tables = new Map<string, number>()
  #scratch: ReadonlyMap<string, number> = new Map()

  constructor(host: ProgramHost) {
    this.#host = host
  }

  build(calls: readonly BoundCall[]): WasmProgram {
    const passes = calls.flatMap((call): Pass[] => {
      const constants = plainConstants(call.constants)
      return (call.kernel.wasm?.(constants) ?? [undefined]).map(pass => ({ call, constants, pass }))
    })
    this.#scratch = this.#placeScratch(passes)
    const words = [passes.length, ...passes.flatMap(pass => this.#words(pass))]
    const address = this.#place((words.length + 1) * 4, 'program') + 4
    this.#host.store(address - 4, [words.length, ...words])
    return {
      address,
      passes: passes.length,
      threadScratch: Math.max(0, ...passes.map(({ pass }) => (pass ? threadScratchOf(pass) : 0))),
      reference: (number, step) => this.#reference(passes[number]!, step),
      places: this.#places,
    }
  }

  release(): void {
    for (const place of this.#places) this.#host.free(place)
  }

  #place(bytes: number, label: string): number {
    const address = this.#host.allocate(bytes, label)
    this.#places.push(address)
    return address
  }

  /** Scratch of one call is that of the next: one place a name, as large as the largest. */
  #placeScratch(passes: readonly Pass[]): Map<string, number> {
    const sizes = new Map<string, number>()
    for (const { pass } of passes)
      for (const [name, bytes] of Object.entries(pass?.scratch ?? {}))
        sizes.set(name, Math.max(sizes.get(name) ?? 0, bytes))
    return new Map([...sizes].map(([name, bytes]) => [name, this.#place(bytes, `scratch ${name}`)]))
  }

  #reference({ call, constants }: Pass, step: StepValues): void {
    const arrays = Object.fromEntries(
      Object.entries(call.ranges).map(([name, range]) => [name, this.#host.view(range)]),
    )
    call.kernel.reference(arrays, constants, step)
  }

  /** The words of a pass, led by their number (thread-loop.ts). */
  #words({ call, constants, pass }: Pass): number[] {
    if (!pass) return [1, callKinds.reference]
    const words = new Array<number>(callWords.firstStage).fill(0)
    const bindings = Object.fromEntries(Object.keys(call.ranges).map(name => [name, name]))
    const stages = (pass.stages ?? []).flatMap(stage => this.#stage(call, stage))
    words[callWords.kind] = callKinds.wasm
    words[callWords.entry] = this.#entry(pass.entry)
    words[callWords.args] = this.#arguments(call, pass, bindings, constants)
    words[callWords.items] = pass.items
    words[callWords.grain] = pass.grain
    if (pass.from) {
      words[callWords.from] = this.#binding(call, pass.from.binding) + (pass.from.first ?? 0)
      words[callWords.fromBytes] = pass.from.bytes
    }
    if (pass.to) {
      words[callWords.to] = this.#binding(call, pass.to.binding) + (pass.to.first ?? 0)
      words[callWords.toBytes] = pass.to.bytes
    }
    if (pass.windows) {
      words[callWords.pairs] = pass.windows.pairs
      words[callWords.width] = pass.windows.width
      words[callWords.photo] = pass.windows.photo
      words[callWords.pixelBytes] = pass.windows.bytes
    }
    words[callWords.stages] = pass.stages?.length ?? 0
    words.push(...stages)
    return [words.length, ...words]
  }

  #stage(call: BoundCall, { pass, itemsPerRow, constants, bindings }: WasmStage): number[] {
    return [this.#entry(pass.entry), this.#arguments(call, pass, bindings, constants), itemsPerRow]
  }

  #entry(name: string): number {
    return this.#host.entryOf.get(name) ?? -1
  }

  /** Places the arguments and gives their address. `bindings`: those of the call by the names that the kernel uses. */
  #arguments(
    call: BoundCall,
    pass: WasmPass,
    bindings: Readonly<Record<string, string>>,
    constants: Readonly<Record<string, number>>,
  ): number {
    const words = argumentWords(this.#host.kernels, pass.entry, {
      number: field => pass.values?.[field] ?? constants[field],
      address: field => this.#addressOf(call, pass, bindings, field),
    })
    const address = this.#place(words.byteLength, `arguments of ${pass.entry}`)
    this.#host.store(address, words)
    return address
  }

  #addressOf(
    call: BoundCall,
    pass: WasmPass,
    bindings: Readonly<Record<string, string>>,
    field: string,
  ): number | undefined {
    const table = pass.tables?.[field]
    if (table) return this.#table(table)
    if (pass.scratch?.[field] !== undefined) return this.#scratch.get(field)
    const at = pass.at?.[field]
    if (at === null) return 0
    const [name, bytes] = typeof at === 'string' ? [at, 0] : (at ?? [field, 0])
    const binding = bindings[name]
    if (binding === undefined) return undefined
    return call.ranges[binding] ? this.#binding(call, binding) + bytes : 0
  }

  #binding(call: BoundCall, name: string): number {
    const { buffer, offset } = call.ranges[name]!
    return this.#host.addressOf(buffer) + offset
  }

  #table({ key, make }: LookupTable): number {
    const known = this.#tables.get(key)
    if (known !== undefined) return known
    const numbers = make()
    const address = this.#place(numbers.byteLength, `table ${key}`)
    this.#host.store(address, numbers)
    this.#tables.set(key, address)
    return address
  }
}

function threadScratchOf(pass: WasmPass): number {
  const windows = pass.windows ? 2 * pass.windows.width * pass.windows.bytes + 64 : 0
  return (pass.threadScratch ?? 0) + windows + 64
}
