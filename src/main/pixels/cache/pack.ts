// Many small records in one file, each found by a SHA-256: the data file holds their bytes one after the other, the
// index file one checked entry a record. Data reach the disk before the entries that point to them, so after a crash a
// record is there whole or not at all; whatever does not check is forgotten. A pack is a cache: with another header, or
// damaged, it starts empty.

import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { privateFolder } from '../../common/private-files.ts'
import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { openOrCreate, readAt, readInto, writeAll } from './file-bytes.ts'
import { entryBytes, PackIndex, type PackEntry } from './pack-index.ts'
import type { CacheCheck } from '../types.ts'

const HEADER = 64
const FLUSH_BYTES = 4 * 1024 * 1024
/** Work on all records lets others in after so long. */
const SLICE_MS = 20

export class Pack {
  readonly #dataFile: number
  readonly #indexFile: number
  readonly #index: PackIndex
  /** Entries on disk; the records of the others wait. */
  #written: number
  #waiting: Uint8Array[] = []
  #waitingBytes = 0

  /** Opens or starts `<name>.data` and `<name>.index` in a folder. `kind` says what the records are; another kind
   *  starts empty. */
  constructor(directory: string, name: string, kind: string) {
    mkdirSync(directory, privateFolder)
    this.#dataFile = openOrCreate(join(directory, `${name}.data`))
    this.#indexFile = openOrCreate(join(directory, `${name}.index`))
    const header = Buffer.from(`winnow-pack 1 ${kind}\n`.padEnd(HEADER, ' '))
    const stored = readAt(this.#indexFile, 0, fstatSync(this.#indexFile).size)
    const fits = stored.subarray(0, HEADER).equals(header)
    if (!fits) writeAll(this.#indexFile, header, 0)
    this.#index = new PackIndex(
      fits ? Buffer.from(stored.subarray(HEADER)) : Buffer.alloc(0),
      fstatSync(this.#dataFile).size,
    )
    this.#written = this.#index.count
    ftruncateSync(this.#indexFile, HEADER + this.#written * entryBytes)
    ftruncateSync(this.#dataFile, this.#index.dataEnd)
  }

  get count(): number {
    return this.#index.records
  }

  has(key: string): boolean {
    return this.#index.has(key)
  }

  /** Adds a record; a key already there keeps its record. On disk after `flush`, or once some megabytes wait. */
  append(key: string, bytes: Uint8Array): void {
    if (this.#index.has(key)) return
    this.#index.add(key, bytes)
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    if (this.#waitingBytes >= FLUSH_BYTES) this.flush()
  }

  /** Writes what waits: data first, then, once they are safe, their entries. */
  flush(): void {
    const { count, dataEnd } = this.#index
    if (this.#written === count) return
    writeAll(this.#dataFile, Buffer.concat(this.#waiting), dataEnd - this.#waitingBytes)
    fdatasyncSync(this.#dataFile)
    writeAll(this.#indexFile, this.#index.bytes(this.#written, count), HEADER + this.#written * entryBytes)
    fdatasyncSync(this.#indexFile)
    this.#written = count
    this.#waiting = []
    this.#waitingBytes = 0
  }

  /** The record's bytes, or null where there is none or its bytes do not check; then the record is forgotten. */
  get(key: string): Buffer<ArrayBuffer> | null {
    const entry = this.#index.find(key)
    if (!entry) return null
    if (entry.place >= this.#written) this.flush()
    const bytes = readAt(this.#dataFile, entry.offset, entry.length)
    if (bytes.length === entry.length && crc32(bytes) === entry.checksum) return bytes
    this.#index.forget(key)
    return null
  }

  /**
   * Records one after the other into `target`; records that lie together on disk are read together. Answers how many
   * are not there or do not check; the latter are forgotten.
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

  /** The longest run of keys from `first` whose records follow each other on disk; empty where the first has no record.
   */
  #runFrom(keys: readonly string[], first: number): RecordRun {
    const records: RecordRun['records'][number][] = []
    let offset = 0
    let bytes = 0
    for (let i = first; i < keys.length; i++) {
      const entry = this.#index.find(keys[i]!)
      if (!entry) break
      if (records.length === 0) offset = entry.offset
      else if (entry.offset !== offset + bytes) break
      records.push({ key: keys[i]!, entry })
      bytes += entry.length
    }
    return { offset, bytes, records }
  }

  /** Answers how many of the run's records do not check. */
  #readRun({ offset, records }: RecordRun, target: Uint8Array): number {
    readInto(this.#dataFile, target, offset)
    let bad = 0
    let from = 0
    for (const {
      key,
      entry: { length, checksum },
    } of records) {
      if (crc32(target.subarray(from, from + length)) !== checksum) {
        this.#index.forget(key)
        bad++
      }
      from += length
    }
    return bad
  }

  /** Reads every record again; those that do not check are forgotten and counted. In slices, so that requests and the
   *  signal come through. */
  async verify(signal: AbortSignal): Promise<CacheCheck> {
    const keys = this.#index.keys()
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

  close(): void {
    this.flush()
    closeSync(this.#dataFile)
    closeSync(this.#indexFile)
  }
}

interface RecordRun {
  readonly offset: number
  readonly bytes: number
  readonly records: readonly { readonly key: string; readonly entry: PackEntry }[]
}
