// Mends a PNG whose pixels are whole: a chunk beside them with a wrong checksum or cut short is left out, and the end
// mark is put where it is missing. The picture's own data must pass its own checksum, inside the packed stream.

import { crc32, inflateSync } from 'node:zlib'
import type { MendedFile, Oddity } from './mended.ts'

const SIGNATURE_LENGTH = 8

interface PngChunk {
  readonly type: string
  readonly data: Buffer
  /** Its length, type, data and checksum. */
  readonly whole: Buffer
  readonly sound: boolean
}

function* chunks(bytes: Buffer): Generator<PngChunk, void> {
  for (let at = SIGNATURE_LENGTH; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at)
    const end = at + 12 + length
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (!/^[A-Za-z]{4}$/.test(type)) return
    const data = bytes.subarray(at + 8, Math.min(bytes.length, at + 8 + length))
    const sound = end <= bytes.length && crc32(bytes.subarray(at + 4, end - 4)) === bytes.readUInt32BE(end - 4)
    yield { type, data, whole: bytes.subarray(at, Math.min(end, bytes.length)), sound }
    at = end
  }
}

/** Null where nothing can be mended. */
export function mendPng(bytes: Buffer): MendedFile | null {
  const kept: PngChunk[] = []
  let oddity: Oddity | null = null
  for (const chunk of chunks(bytes)) {
    // Chunks whose name begins with a small letter may be passed over by any reader.
    if (!chunk.sound && /^[a-z]/.test(chunk.type)) oddity ??= 'checksum'
    else kept.push(chunk)
  }
  const bad = kept.filter(chunk => !chunk.sound)
  if (bad.some(chunk => chunk.type !== 'IDAT' && chunk.type !== 'IEND')) return null
  if (bad.length > 0) oddity ??= 'checksum'
  if (kept.at(-1)?.type !== 'IEND' || !kept.at(-1)!.sound) oddity = 'end'
  if (!oddity || !isWhole(kept)) return null
  const parts = kept
    .filter(({ type }) => type !== 'IEND')
    .map(({ type, data, whole, sound }) => (sound ? whole : pngChunk(type, data)))
  const bytesMended = Buffer.concat([bytes.subarray(0, SIGNATURE_LENGTH), ...parts, pngChunk('IEND', Buffer.alloc(0))])
  return { bytes: bytesMended, oddity }
}

/** The packed stream ends with a checksum of the picture's data, which unpacking holds it to. */
function isWhole(kept: readonly PngChunk[]): boolean {
  try {
    const data = kept.filter(({ type }) => type === 'IDAT').map(chunk => chunk.data)
    return inflateSync(Buffer.concat(data)).length > 0
  } catch {
    return false
  }
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}
