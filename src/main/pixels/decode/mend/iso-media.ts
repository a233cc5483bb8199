// The boxes of AVIF and HEIC: where the pieces of the main picture lie in the file, and an animated AVIF made to show its
// still, which the image library takes only under the still's name.

export interface ByteRange {
  readonly from: number
  readonly to: number
}

interface IsoBox {
  readonly type: string
  readonly from: number
  readonly to: number
}

function* boxes(bytes: Buffer, from: number, to: number): Generator<IsoBox, void> {
  for (let at = from; at + 8 <= to;) {
    const short = bytes.readUInt32BE(at)
    const long = short === 1 && at + 16 <= to
    const length = long ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? to - at : short
    if (length < 8) return
    yield { type: bytes.toString('latin1', at + 4, at + 8), from: at + (long ? 16 : 8), to: Math.min(to, at + length) }
    at += length
  }
}

function childOf(bytes: Buffer, parent: IsoBox, type: string, head = 0): IsoBox | null {
  for (const box of boxes(bytes, parent.from + head, parent.to)) if (box.type === type) return box
  return null
}

function metaOf(bytes: Buffer): IsoBox | null {
  return childOf(bytes, { type: '', from: 0, to: bytes.length }, 'meta')
}

/** Where the main picture's data lies, its tiles among it; empty where the boxes do not say. */
export function pictureRanges(bytes: Buffer): ByteRange[] {
  try {
    const meta = metaOf(bytes)
    const main = meta && childOf(bytes, meta, 'pitm', 4)
    const locations = meta && childOf(bytes, meta, 'iloc', 4)
    if (!meta || !main || !locations) return []
    const primary = bytes[main.from] === 0 ? bytes.readUInt16BE(main.from + 4) : bytes.readUInt32BE(main.from + 4)
    const wanted = new Set([primary, ...tilesOf(bytes, meta, primary)])
    return readLocations(bytes, locations, wanted)
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}

/** The pictures that a grid is put together from. */
function tilesOf(bytes: Buffer, meta: IsoBox, item: number): number[] {
  const references = childOf(bytes, meta, 'iref', 4)
  if (!references) return []
  const size = bytes[references.from] === 0 ? 2 : 4
  for (const { type, from } of boxes(bytes, references.from + 4, references.to)) {
    if (type !== 'dimg' || bytes.readUIntBE(from, size) !== item) continue
    const count = bytes.readUInt16BE(from + size)
    return Array.from({ length: count }, (_, i) => bytes.readUIntBE(from + size + 2 + i * size, size))
  }
  return []
}

function readLocations(bytes: Buffer, box: IsoBox, wanted: ReadonlySet<number>): ByteRange[] {
  const version = bytes[box.from]!
  let at = box.from + 4
  const take = (size: number): number => {
    const value = size === 0 ? 0 : size === 8 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUIntBE(at, size)
    at += size
    return value
  }
  const sizes = take(2)
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexSize = version > 0 ? sizes & 15 : 0
  const items = take(version < 2 ? 2 : 4)
  const found: ByteRange[] = []
  for (let i = 0; i < items; i++) {
    const id = take(version < 2 ? 2 : 4)
    const inFile = version === 0 || (take(2) & 15) === 0
    take(2)
    const base = take(baseSize)
    for (let extents = take(2); extents > 0; extents--) {
      take(indexSize)
      const from = base + take(offsetSize)
      const length = take(lengthSize)
      if (wanted.has(id) && inFile) found.push({ from, to: from + length })
    }
  }
  return found
}

const codings = {
  hvc1: 'HEVC',
  av01: 'AV1',
  avc1: 'AVC',
  jpeg: 'JPEG',
  j2k1: 'JPEG 2000',
  vvc1: 'VVC',
  unci: 'raw pixels',
}

/** How the pictures are coded; null where the boxes do not say. */
export function codingOf(bytes: Buffer): string | null {
  const meta = metaOf(bytes)
  const items = meta && childOf(bytes, meta, 'iinf', 4)
  if (!items) return null
  const text = bytes.toString('latin1', items.from, items.to)
  return Object.entries(codings).find(([code]) => text.includes(code))?.[1] ?? null
}

/** An animation that also holds a still of its first frame, under the still's brand; other files as they are. */
export function asStillAvif(bytes: Buffer): Buffer {
  if (bytes.toString('latin1', 8, 12) !== 'avis' || !metaOf(bytes)) return bytes
  const still = Buffer.from(bytes)
  still.write('avif', 8, 'latin1')
  return still
}
