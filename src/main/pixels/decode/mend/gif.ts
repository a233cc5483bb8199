// The blocks of a GIF: where its first frame lies on its canvas, whether that frame is whole, and a file of the first
// frame alone, which later damage does not touch.

export interface FirstFrame {
  /** The same file, ending behind the first frame. */
  readonly bytes: Buffer
  readonly canvas: { readonly width: number; readonly height: number }
  readonly place: { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
  readonly frames: number
  /** Its data has a value for every pixel. */
  readonly full: boolean
  /** The file ends as a GIF should. */
  readonly ended: boolean
}

const IMAGE = 0x2c
const EXTENSION = 0x21
const TRAILER = 0x3b

/** Null where the file ends before its first frame does. */
export function firstFrame(bytes: Buffer): FirstFrame | null {
  if (bytes.length < 13) return null
  const canvas = { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
  let place: FirstFrame['place'] | null = null
  let end = 0
  let frames = 0
  let full = false
  let at = 13 + tableLength(bytes[10]!)
  while (at < bytes.length && bytes[at] !== TRAILER) {
    const block = blockEnd(bytes, at)
    if (block === null) break
    if (bytes[at] === IMAGE) {
      frames++
      if (!place) {
        place = placeOf(bytes, at)
        full = countPixels(bytes, at + 10 + tableLength(bytes[at + 9]!)) >= place.width * place.height
        end = block
      }
    }
    at = block
  }
  if (!place) return null
  const only = Buffer.concat([bytes.subarray(0, end), Buffer.from([TRAILER])])
  return { bytes: only, canvas, place, frames, full, ended: bytes[at] === TRAILER }
}

function tableLength(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

function placeOf(bytes: Buffer, at: number): FirstFrame['place'] {
  const [left, top, width, height] = [1, 3, 5, 7].map(field => bytes.readUInt16LE(at + field))
  return { left: left!, top: top!, width: width!, height: height! }
}

/** Where an image or an extension ends; null where it does not, or is neither. */
function blockEnd(bytes: Buffer, at: number): number | null {
  if (bytes[at] === EXTENSION) return dataEnd(bytes, at + 2)
  if (bytes[at] !== IMAGE || at + 11 > bytes.length) return null
  return dataEnd(bytes, at + 10 + tableLength(bytes[at + 9]!) + 1)
}

/** Data comes in pieces of at most 255 bytes; an empty one ends it. */
function dataEnd(bytes: Buffer, from: number): number | null {
  for (let at = from; at < bytes.length; at += 1 + bytes[at]!) if (bytes[at] === 0) return at + 1
  return null
}

const MOST_CODES = 4096

/** How many pixels the packed data of a frame holds: the lengths of its codes, without their colours. */
function countPixels(bytes: Buffer, at: number): number {
  const first = bytes[at]!
  if (first < 1 || first > 11) return 0
  const [clear, end] = [2 ** first, 2 ** first + 1]
  const lengths = new Int32Array(MOST_CODES)
  let next = end + 1,
    bits = first + 1,
    before = 0,
    pixels = 0
  for (const code of codes(bytes, at + 1, () => bits)) {
    if (code === end) break
    if (code === clear) {
      next = end + 1
      bits = first + 1
      before = 0
      continue
    }
    if (code > next || (code === next && before === 0)) break
    const length = code < clear ? 1 : code < next ? lengths[code]! : before + 1
    if (before > 0 && next < MOST_CODES) {
      lengths[next++] = before + 1
      if (next === 2 ** bits && bits < 12) bits++
    }
    before = length
    pixels += length
  }
  return pixels
}

/** Codes of a size that may change after each, lowest bit first, over the pieces of the data. */
function* codes(bytes: Buffer, from: number, bits: () => number): Generator<number, void> {
  let held = 0,
    heldBits = 0
  for (let at = from; at < bytes.length && bytes[at]! > 0; at += 1 + bytes[at]!) {
    for (let i = at + 1; i <= at + bytes[at]! && i < bytes.length; i++) {
      held |= bytes[i]! << heldBits
      heldBits += 8
      for (let size = bits(); heldBits >= size; size = bits()) {
        const code = held & (2 ** size - 1)
        held >>>= size
        heldBits -= size
        yield code
      }
    }
  }
}
