// Many small records in one file, each found by a SHA-256: the data file holds their bytes one after the other, the index file one
// checked entry a record. Data reach the disk before the entries that point to them, so after a crash a record is there whole or not
// at all; whatever does not check is forgotten. A pack is a cache: with another header, or damaged, it starts empty.

import { closeSync, constants, fdatasyncSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import type { CacheCheck } from './types.ts'

const HEADER = 64
/** Key 32, offset 8, length 4, CRC-32 of the data 4, CRC-32 of the entry so far 4. */
const ENTRY = 52
const FLUSH_BYTES = 4 * 1024 * 1024
/** Work on all records lets others in after so long. */
const SLICE_MS = 20

export class Pack {
  readonly #data: number
  readonly #index: number
  /** Entries as on disk, then those of records still waiting; grows by doubling. */
  #entries: Buffer
  readonly #places = new Map<string, number>()
  /** Entries in all, and those of them on disk. */
  #count = 0
  #written = 0
  #dataEnd = 0
  #waiting: Uint8Array[] = []
  #waitingBytes = 0

  /** Opens or starts `<name>.data` and `<name>.index` in a folder. `kind` says what the records are; another kind starts empty. */
  constructor(directory: string, name: string, kind: string) {
    mkdirSync(directory, { recursive: true })
    this.#data = openOrCreate(join(directory, `${name}.data`))
    this.#index = openOrCreate(join(directory, `${name}.index`))
    const header = Buffer.from(`winnow-pack 1 ${kind}\n`.padEnd(HEADER, ' '))
    const stored = readAt(this.#index, 0, fstatSync(this.#index).size)
    const fits = stored.subarray(0, HEADER).equals(header)
    this.#entries = fits ? Buffer.from(stored.subarray(HEADER)) : Buffer.alloc(0)
    if (!fits) writeAll(this.#index, header, 0)
    this.#load(fstatSync(this.#data).size)
  }

  /** Takes entries up to the first that does not check, and cuts both files there. */
  #load(dataSize: number): void {
    for (let at = 0; at + ENTRY <= this.#entries.length; at += ENTRY) {
      const key = this.#entries.toString('hex', at, at + 32)
      const { offset, length } = this.#entryAt(at)
      const sound = crc32(this.#entries.subarray(at, at + 48)) === this.#entries.readUInt32LE(at + 48)
      if (!sound || offset !== this.#dataEnd || offset + length > dataSize) break
      this.#places.set(key, at)
      this.#dataEnd = offset + length
      this.#count++
    }
    this.#written = this.#count
    ftruncateSync(this.#index, HEADER + this.#written * ENTRY)
    ftruncateSync(this.#data, this.#dataEnd)
  }

  get count(): number {
    return this.#places.size
  }

  has(key: string): boolean {
    return this.#places.has(key)
  }

  /** Adds a record; a key already there keeps its record. On disk after `flush`, or once some megabytes wait. */
  append(key: string, bytes: Uint8Array): void {
    if (this.#places.has(key)) return
    const at = this.#count * ENTRY
    if (at + ENTRY > this.#entries.length) this.#grow()
    if (this.#entries.write(key, at, 32, 'hex') !== 32) throw new RangeError(`'${key}' is not a SHA-256 in hex.`)
    this.#entries.writeBigUInt64LE(BigInt(this.#dataEnd), at + 32)
    this.#entries.writeUInt32LE(bytes.length, at + 40)
    this.#entries.writeUInt32LE(crc32(bytes), at + 44)
    this.#entries.writeUInt32LE(crc32(this.#entries.subarray(at, at + 48)), at + 48)
    this.#places.set(key, at)
    this.#count++
    this.#dataEnd += bytes.length
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    if (this.#waitingBytes >= FLUSH_BYTES) this.flush()
  }

  #grow(): void {
    const larger = Buffer.alloc(Math.max(1024 * ENTRY, this.#entries.length * 2))
    this.#entries.copy(larger)
    this.#entries = larger
  }

  /** Writes what waits: data first, then, once they are safe, their entries. */
  flush(): void {
    if (this.#written === this.#count) return
    writeAll(this.#data, Buffer.concat(this.#waiting), this.#dataEnd - this.#waitingBytes)
    fdatasyncSync(this.#data)
    writeAll(this.#index, this.#entries.subarray(this.#written * ENTRY, this.#count * ENTRY), HEADER + this.#written * ENTRY)
    fdatasyncSync(this.#index)
    this.#written = this.#count
    this.#waiting = []
    this.#waitingBytes = 0
  }

  /** The record's bytes, or null where there is none or its bytes do not check; then the record is forgotten. */
  get(key: string): Buffer<ArrayBuffer> | null {
    const at = this.#places.get(key)
    if (at === undefined) return null
    if (at >= this.#written * ENTRY) this.flush()
    const { offset, length, checksum } = this.#entryAt(at)
    const bytes = readAt(this.#data, offset, length)
    if (bytes.length === length && crc32(bytes) === checksum) return bytes
    this.#places.delete(key)
    return null
  }

  /**
   * Records one after the other into `target`; records that lie together on disk are read together. Answers how many are not there or
   * do not check; the latter are forgotten.
   */
  getMany(keys: readonly string[], target: Uint8Array): number {
    this.flush()
    let absent = 0
    let filled = 0
    for (let i = 0; i < keys.length;) {
      const run = this.#runFrom(keys, i)
      absent += run.records.length === 0 ? 1 : this.#readRun(run, target.subarray(filled, filled + run.bytes))
      filled += run.bytes
      i += Math.max(1, run.records.length)
    }
    return absent
  }

  /** The longest run of keys from `first` whose records follow each other on disk; empty where the first has no record. */
  #runFrom(keys: readonly string[], first: number): Run {
    const records: { key: string, length: number, checksum: number }[] = []
    let offset = 0
    let bytes = 0
    for (let i = first; i < keys.length; i++) {
      const at = this.#places.get(keys[i]!)
      if (at === undefined) break
      const entry = this.#entryAt(at)
      if (records.length === 0) offset = entry.offset
      else if (entry.offset !== offset + bytes) break
      records.push({ key: keys[i]!, ...entry })
      bytes += entry.length
    }
    return { offset, bytes, records }
  }

  /** Answers how many of the run's records do not check. */
  #readRun({ offset, records }: Run, target: Uint8Array): number {
    readInto(this.#data, target, offset)
    let bad = 0
    let from = 0
    for (const { key, length, checksum } of records) {
      if (crc32(target.subarray(from, from + length)) !== checksum) {
        this.#places.delete(key)
        bad++
      }
      from += length
    }
    return bad
  }

  /** Reads every record again; those that do not check are forgotten and counted. In slices, so that requests and the signal come through. */
  async verify(signal: AbortSignal): Promise<CacheCheck> {
    const keys = [...this.#places.keys()]
    let damaged = 0
    let until = performance.now() + SLICE_MS
    for (const key of keys) {
      if (this.get(key) === null) damaged++
      if (performance.now() < until) continue
      await setImmediate()
      signal.throwIfAborted()
      until = performance.now() + SLICE_MS
    }
    return { records: keys.length, damaged }
  }

  #entryAt(at: number): { offset: number, length: number, checksum: number } {
    return {
      offset: Number(this.#entries.readBigUInt64LE(at + 32)),
      length: this.#entries.readUInt32LE(at + 40),
      checksum: this.#entries.readUInt32LE(at + 44),
    }
  }

  close(): void {
    this.flush()
    closeSync(this.#data)
    closeSync(this.#index)
  }
}

interface Run {
  readonly offset: number
  readonly bytes: number
  readonly records: readonly { readonly key: string, readonly length: number, readonly checksum: number }[]
}

/** For reading and writing anywhere; made where it is not there. */
function openOrCreate(path: string): number {
  return openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644)
}

function readAt(file: number, offset: number, length: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readInto(file, bytes, offset))
}

function readInto(file: number, target: Uint8Array, offset: number): number {
  let filled = 0
  while (filled < target.length) {
    const read = readSync(file, target, filled, target.length - filled, offset + filled)
    if (read === 0) break
    filled += read
  }
  return filled
}

function writeAll(file: number, bytes: Uint8Array, offset: number): void {
  let written = 0
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written, offset + written)
}
