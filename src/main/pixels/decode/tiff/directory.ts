// The first directory of a TIFF or BigTIFF: its tags as numbers or bytes. Reads only within the bytes given; a tag whose
// values lie beyond the end is as good as absent, and null is answered where there is no directory at all.

export interface TiffDirectory {
  readonly little: boolean
  /** Values of a tag; empty where it is absent. */
  numbers(tag: number): readonly number[]
  /** Its first value. */
  first(tag: number): number | undefined
  raw(tag: number): Buffer | null
}

interface Entry {
  readonly type: number
  readonly count: number
  readonly at: number
}

/** Bytes of one value of each type: 1 byte, 2 text, 3 short, 4 long, 5 rational, 6 to 10 the same signed, 11 float,
 *  12 double, 13 directory, 16 to 18 eight bytes. */
const sizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
}
/** No tag that is read here has more values: strips of the largest photos. */
const MOST_VALUES = 4_000_000

export function readDirectory(bytes: Buffer): TiffDirectory | null {
  const kind = bytes.toString('latin1', 0, 4)
  const big = kind === 'II+\0' || kind === 'MM\0+'
  if (!big && kind !== 'II*\0' && kind !== 'MM\0*') return null
  if (bytes.length < (big ? 16 : 8)) return null
  const reader = new OrderedBytes(bytes, kind.startsWith('I'))
  const at = big ? reader.u64(8) : reader.u32(4)
  if (at + (big ? 8 : 2) > bytes.length) return null
  const entries = readEntries(reader, big, at)
  return entries.size === 0 ? null : directoryOf(reader, entries)
}

/** Directories in a row, which are the pages of the file; a circle ends the count. */
export function countDirectories(bytes: Buffer): number {
  const big = bytes[2] === 0x2b || bytes[3] === 0x2b
  const reader = new OrderedBytes(bytes, bytes[0] === 0x49)
  const seen = new Set<number>()
  let at = big ? reader.u64(8) : reader.u32(4)
  while (at > 0 && at + 8 <= bytes.length && !seen.has(at) && seen.size < 10_000) {
    seen.add(at)
    const next = big ? at + 8 + reader.u64(at) * 20 : at + 2 + reader.u16(at) * 12
    if (next + (big ? 8 : 4) > bytes.length) break
    at = big ? reader.u64(next) : reader.u32(next)
  }
  return Math.max(1, seen.size)
}

class OrderedBytes {
  readonly bytes: Buffer
  readonly little: boolean

  constructor(bytes: Buffer, little: boolean) {
    this.bytes = bytes
    this.little = little
  }

  u16(at: number): number {
    return this.little ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at)
  }

  u32(at: number): number {
    return this.little ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at)
  }

  u64(at: number): number {
    return Number(this.little ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at))
  }
}

function readEntries(reader: OrderedBytes, big: boolean, directory: number): Map<number, Entry> {
  const { bytes } = reader
  const [head, length, room] = big ? [8, 20, 8] : [2, 12, 4]
  const count = big ? reader.u64(directory) : reader.u16(directory)
  const entries = new Map<number, Entry>()
  for (let i = 0; i < count; i++) {
    const at = directory + head + i * length
    if (at + length > bytes.length) break
    const type = reader.u16(at + 2)
    const values = big ? reader.u64(at + 4) : reader.u32(at + 4)
    const size = (sizes[type] ?? 0) * values
    if (size === 0 || values > MOST_VALUES) continue
    const place = at + length - room
    const from = size <= room ? place : big ? reader.u64(place) : reader.u32(place)
    if (from + size <= bytes.length) entries.set(reader.u16(at), { type, count: values, at: from })
  }
  return entries
}

function directoryOf(reader: OrderedBytes, entries: ReadonlyMap<number, Entry>): TiffDirectory {
  const numbers = (tag: number): readonly number[] => {
    const entry = entries.get(tag)
    return entry ? Array.from({ length: entry.count }, (_, i) => valueAt(reader, entry, i)) : []
  }
  return {
    little: reader.little,
    numbers,
    first: tag => {
      const entry = entries.get(tag)
      return entry && valueAt(reader, entry, 0)
    },
    raw: tag => {
      const entry = entries.get(tag)
      return entry ? reader.bytes.subarray(entry.at, entry.at + sizes[entry.type]! * entry.count) : null
    },
  }
}

/** Whole numbers as they are meant; of rationals and floats, which nothing here needs, the raw bits. */
function valueAt(reader: OrderedBytes, { type, at }: Entry, index: number): number {
  const size = sizes[type]!
  const place = at + index * size
  if (size === 1) return reader.bytes[place]!
  if (size === 2) return reader.u16(place)
  return type >= 16 ? reader.u64(place) : reader.u32(place)
}
