// Walks the markers of a JPEG: names the kinds that are not read, and mends what is odd about a header or an end without
// touching the pixels.

import type { MendedFile, Oddity } from './mended.ts'
import { zerosInPacked } from './zero-tail.ts'

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const APP0 = 0xe0

/** Kinds of JPEG by the marker of their frame, and those of 12 bits, by the name people know them by; null: read here. */
export function unreadJpeg(bytes: Buffer): string | null {
  for (const { marker, at } of segments(bytes)) {
    if (marker === 0xf7) return 'JPEG-LS'
    if (marker < 0xc0 || marker > 0xcf || marker === 0xc4 || marker === 0xc8 || marker === 0xcc) continue
    if (marker === 0xc3 || marker === 0xcb) return 'Lossless JPEG'
    if (marker >= 0xc5 && marker !== 0xc9 && marker !== 0xca) return 'Hierarchical JPEG'
    return bytes[at + 4] === 8 ? null : `JPEG of ${bytes[at + 4]} bits`
  }
  return null
}

interface Segment {
  readonly marker: number
  /** Where its 0xff stands, and where the segment ends. */
  readonly at: number
  readonly end: number
  /** There are bytes before it that belong to nothing. */
  readonly junkBefore: boolean
}

/** Segments up to and with the first scan's header; ends where the bytes make no sense. */
function* segments(bytes: Buffer): Generator<Segment, void> {
  for (let at = 2, from = 2; at + 4 <= bytes.length;) {
    const marker = bytes[at + 1]!
    // Fill bytes may stand before a marker; 0 and the restart marks are no segments.
    if (bytes[at] !== 0xff || marker < 0xc0 || (marker >= 0xd0 && marker <= SOI) || marker === 0xff) {
      at++
      continue
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    if (end > bytes.length || end < at + 4) return
    yield { marker, at, end, junkBefore: bytes.subarray(from, at).some(byte => byte !== 0xff) }
    if (marker === SOS || marker === EOI) return
    at = from = end
  }
}

/** Null where nothing is odd. What is left out or set right has no part in the pixels. */
export function mendJpeg(bytes: Buffer): MendedFile | null {
  const parts: Buffer[] = [bytes.subarray(0, 2)]
  let oddity: Oddity | null = null
  let end = 2
  for (const segment of segments(bytes)) {
    if (segment.junkBefore) oddity ??= 'junk'
    let part = bytes.subarray(segment.at, segment.end)
    if (segment.marker === APP0 && part.toString('latin1', 4, 9) === 'JFIF\0' && part.length > 9 && part[9] !== 1) {
      oddity ??= 'version'
      part = Buffer.from(part)
      part.set([1, 2], 9)
    }
    parts.push(part)
    end = segment.end
  }
  parts.push(bytes.subarray(end))
  const mark = missingEnd(bytes.subarray(end))
  if (mark) parts.push(mark)
  const found = oddity ?? (mark ? 'end' : null)
  return found && { bytes: Buffer.concat(parts), oddity: found }
}

/** What must be added behind the scans so that they end with their mark. */
function missingEnd(scans: Buffer): Buffer | null {
  if (scans.length === 0 || scans.includes('\xff\xd9', 0, 'latin1')) return null
  if (zerosInPacked(scans, [{ from: 0, to: scans.length }])) return null
  return Buffer.from(scans.at(-1) === 0xff ? [EOI] : [0xff, EOI])
}
