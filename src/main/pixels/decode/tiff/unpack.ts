// Strips and tiles of a TIFF from compressed bytes to plain ones: LZW, PackBits, deflate and Zstandard. Each answers what
// there was: a strip that ends too early comes back short, one that is damaged inside up to the damage.

import { inflateSync, zstdDecompressSync, constants } from 'node:zlib'

/** At most `length` bytes. */
export function unpack(packed: Buffer, compression: number, length: number): Uint8Array {
  switch (compression) {
    case 1:
      return packed.subarray(0, length)
    case 5:
      return unpackLzw(packed, length)
    case 32773:
      return unpackBits(packed, length)
    case 50000:
      return attempt(() => zstdDecompressSync(packed, { maxOutputLength: length + 1024 }))
    default:
      return attempt(() =>
        inflateSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: length + 65_536 }),
      ).subarray(0, length)
  }
}

function attempt(work: () => Uint8Array): Uint8Array {
  try {
    return work()
  } catch {
    return new Uint8Array(0)
  }
}

/** Runs: a length n below 128 and n + 1 bytes as they are, or above 128 and one byte 257 - n times. */
function unpackBits(packed: Buffer, length: number): Uint8Array {
  const out = new Uint8Array(length)
  let to = 0
  for (let at = 0; at < packed.length && to < length;) {
    const run = packed[at++]!
    if (run < 128) {
      const bytes = packed.subarray(at, at + Math.min(run + 1, length - to))
      out.set(bytes, to)
      to += bytes.length
      at += run + 1
    } else if (run > 128 && at < packed.length) {
      const end = Math.min(length, to + 257 - run)
      out.fill(packed[at++]!, to, end)
      to = end
    }
  }
  return out.subarray(0, to)
}

const CLEAR = 256
const END = 257
const MOST_CODES = 4096

/** TIFF's LZW: highest bit first, codes of 9 to 12 bits that grow one code early. A code of the table stands for a
 *  piece of what was put out before: where it begins and how long it is. */
function unpackLzw(packed: Buffer, length: number): Uint8Array {
  const out = new Uint8Array(length)
  const starts = new Int32Array(MOST_CODES)
  const lengths = new Int32Array(MOST_CODES)
  const nextCode = codesOf(packed)
  let next = END + 1,
    from = -1,
    to = 0
  while (to < length) {
    const code = nextCode(next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9)
    if (code === END) break
    if (code === CLEAR) {
      next = END + 1
      from = -1
      continue
    }
    // The piece before and the first byte of this one, which stands right behind it, become a new code.
    if (from >= 0 && next < MOST_CODES) {
      starts[next] = from
      lengths[next++] = to - from + 1
    }
    if (code >= next) break
    from = to
    if (code < CLEAR) out[to++] = code
    else to = repeat(out, starts[code]!, lengths[code]!, to)
  }
  return out.subarray(0, to)
}

/** Reads codes of so many bits, one after the other; END where there are no more. */
function codesOf(packed: Buffer): (bits: number) => number {
  let held = 0,
    heldBits = 0,
    at = 0
  return bits => {
    while (heldBits < bits) {
      if (at === packed.length) return END
      held = ((held << 8) | packed[at++]!) & 0xffffff
      heldBits += 8
    }
    heldBits -= bits
    return (held >> heldBits) & ((1 << bits) - 1)
  }
}

/** Copies byte by byte: the piece may overlap what it is copied to. */
function repeat(out: Uint8Array, from: number, count: number, to: number): number {
  const end = Math.min(out.length, to + count)
  for (let i = from; to < end; i++) out[to++] = out[i]!
  return to
}
