// The memory of the CPU device: one WebAssembly memory, in which buffers are given places. It grows as they need it and
// never past 4 GiB; what is freed is used again.

import { heapStart, mostBytes, pageBytes } from './layout.ts'
import { WebAssembly, type Memory } from './wasm-types.ts'

/** Behind every place so many bytes are nobody's: kernels read whole vectors past the end of a row. */
const padding = 64
const alignment = 256

interface Gap {
  start: number
  end: number
}

export class WasmMemory {
  readonly memory: Memory
  /** Free stretches below #end, by address. */
  #gaps: Gap[] = []
  #end = heapStart
  readonly #limit: number
  readonly #sizes = new Map<number, number>()

  /** `limit`: bytes that it may grow to. Throws RangeError where the system has no room for a memory at all. */
  constructor(shared: boolean, limit = mostBytes) {
    this.#limit = Math.min(limit, mostBytes)
    this.memory = new WebAssembly.Memory({ initial: 8, maximum: mostBytes / pageBytes, shared })
  }

  /** Bytes of buffers that there are. */
  get used(): number {
    return [...this.#sizes.values()].reduce((sum, size) => sum + size, 0)
  }

  /** The address of `bytes` zeroed bytes, or undefined where there is no room for them. */
  allocate(bytes: number): number | undefined {
    const size = Math.ceil((bytes + padding) / alignment) * alignment
    const address = this.#takeGap(size) ?? this.#takeEnd(size)
    if (address === undefined) return undefined
    this.#sizes.set(address, size)
    this.bytes(address, size).fill(0)
    return address
  }

  free(address: number): void {
    const size = this.#sizes.get(address)
    if (size === undefined) return
    this.#sizes.delete(address)
    this.#gaps.push({ start: address, end: address + size })
    this.#gaps.sort((a, b) => a.start - b.start)
    this.#joinGaps()
  }

  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer, address, length)
  }

  /** The smallest gap that is large enough. */
  #takeGap(size: number): number | undefined {
    const fits = this.#gaps.filter(gap => gap.end - gap.start >= size)
    if (fits.length === 0) return undefined
    const gap = fits.reduce((best, other) => (other.end - other.start < best.end - best.start ? other : best))
    const { start } = gap
    gap.start += size
    if (gap.start === gap.end) this.#gaps.splice(this.#gaps.indexOf(gap), 1)
    return start
  }

  #takeEnd(size: number): number | undefined {
    const start = this.#end
    if (start + size > this.#limit) return undefined
    const missing = Math.ceil((start + size - this.memory.buffer.byteLength) / pageBytes)
    if (missing > 0 && !this.#grow(missing)) return undefined
    this.#end = start + size
    return start
  }

  #grow(pages: number): boolean {
    try {
      this.memory.grow(pages)
      return true
    } catch {
      return false
    }
  }

  #joinGaps(): void {
    const joined: Gap[] = []
    for (const gap of this.#gaps) {
      const before = joined.at(-1)
      if (before?.end === gap.start) before.end = gap.end
      else joined.push(gap)
    }
    const last = joined.at(-1)
    if (last?.end === this.#end) {
      this.#end = last.start
      joined.pop()
    }
    this.#gaps = joined
  }
}
