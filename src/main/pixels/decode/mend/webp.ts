// The chunks of a WebP: where its picture data lies, and how to mend a file that was cut behind it.

import type { MendedFile } from './mended.ts'

export interface WebpChunk {
  readonly type: string
  readonly at: number
  /** May lie beyond the file. */
  readonly end: number
}

/** Chunks that hold pixels. */
const pictureChunks: readonly string[] = ['VP8 ', 'VP8L', 'ALPH', 'ANMF']

export function webpChunks(bytes: Buffer): WebpChunk[] {
  const found: WebpChunk[] = []
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 4)
    const end = at + 8 + length + (length % 2)
    found.push({ type: bytes.toString('latin1', at, at + 4), at, end })
    at = end
  }
  return found
}

/** The chunks with the pixels of a still, or the frames of an animation. */
export function webpPicture(bytes: Buffer): WebpChunk[] {
  return webpChunks(bytes).filter(({ type }) => pictureChunks.includes(type))
}

/** Null where the picture itself is cut, or nothing is. Of an animation only the first frame must be whole. */
export function mendWebp(bytes: Buffer): MendedFile | null {
  const all = webpChunks(bytes)
  const whole = all.filter(({ end }) => end <= bytes.length)
  const picture = webpPicture(bytes)
  const end = whole.at(-1)?.end ?? 0
  const cut = whole.length < all.length || bytes.readUInt32LE(4) + 8 > bytes.length
  const needed = picture[0]?.type === 'ANMF' ? picture.slice(0, 1) : picture
  if (!cut || needed.length === 0 || needed.some(chunk => chunk.end > end)) return null
  const mended = Buffer.from(bytes.subarray(0, end))
  mended.writeUInt32LE(mended.length - 8, 4)
  return { bytes: mended, oddity: 'cut' }
}
