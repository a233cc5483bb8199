// The index of a pack in memory: where each record lies in the data file, found by its SHA-256, in entries that check
// themselves and are kept as the index file has them.

import { crc32 } from 'node:zlib'

/** Key 32, offset 8, length 4, CRC-32 of the data 4, CRC-32 of the entry so far 4. */
export const entryBytes = 52

export interface PackEntry {
  /** Its place among the entries. */
  readonly place: number
  /** Of the record in the data. */
  readonly offset: number
  readonly length: number
  readonly checksum: number
}

export class PackIndex {
  /** Grows by doubling. */
  #bytes: Buffer
  readonly #places = new Map<string, number>()
  #count = 0
  #dataEnd = 0

  /** Takes stored entries up to the first that does not check or whose data is not there. */
  constructor(stored: Buffer, dataBytes: number) {
    this.#bytes = stored
    for (let place = 0; (place + 1) * entryBytes <= stored.length; place++) {
      const { offset, length } = this.#entryAt(place)
      if (!this.#isSound(place) || offset !== this.#dataEnd || offset + length > dataBytes) break
      this.#places.set(stored.toString('hex', place * entryBytes, place * entryBytes + 32), place)
      this.#dataEnd = offset + length
      this.#count++
    }
  }

  /** Entries in all, those of forgotten records among them. */
  get count(): number {
    return this.#count
  }

  /** Where the data of the next record begins. */
  get dataEnd(): number {
    return this.#dataEnd
  }

  /** How many are not forgotten. */
  get records(): number {
    return this.#places.size
  }

  /** Of the records that are not forgotten. */
  keys(): string[] {
    return [...this.#places.keys()]
  }

  has(key: string): boolean {
    return this.#places.has(key)
  }

  find(key: string): PackEntry | undefined {
    const place = this.#places.get(key)
    return place === undefined ? undefined : this.#entryAt(place)
  }

  /** Adds the entry of a record that follows the others in the data. RangeError where the key is no SHA-256. */
  add(key: string, data: Uint8Array): void {
    const at = this.#count * entryBytes
    if (at + entryBytes > this.#bytes.length) this.#grow()
    if (this.#bytes.write(key, at, 32, 'hex') !== 32) throw new RangeError(`'${key}' is not a SHA-256 in hex.`)
    this.#bytes.writeBigUInt64LE(BigInt(this.#dataEnd), at + 32)
    this.#bytes.writeUInt32LE(data.length, at + 40)
    this.#bytes.writeUInt32LE(crc32(data), at + 44)
    this.#bytes.writeUInt32LE(this.#checksumOf(at), at + 48)
    this.#places.set(key, this.#count)
    this.#count++
    this.#dataEnd += data.length
  }

  /** Its entry stays, and its data; it is not found any more until it is added again. */
  forget(key: string): void {
    this.#places.delete(key)
  }

  /** The entries first .. end - 1, as the index file has them. */
  bytes(first: number, end: number): Buffer {
    return this.#bytes.subarray(first * entryBytes, end * entryBytes)
  }

  #grow(): void {
    const larger = Buffer.alloc(Math.max(1024 * entryBytes, this.#bytes.length * 2))
    this.#bytes.copy(larger)
    this.#bytes = larger
  }

  #entryAt(place: number): PackEntry {
    const at = place * entryBytes
    return {
      place,
      offset: Number(this.#bytes.readBigUInt64LE(at + 32)),
      length: this.#bytes.readUInt32LE(at + 40),
      checksum: this.#bytes.readUInt32LE(at + 44),
    }
  }

  #isSound(place: number): boolean {
    const at = place * entryBytes
    return this.#checksumOf(at) === this.#bytes.readUInt32LE(at + 48)
  }

  /** Of the entry that begins at `at`. */
  #checksumOf(at: number): number {
    return crc32(this.#bytes.subarray(at, at + 48))
  }
}
