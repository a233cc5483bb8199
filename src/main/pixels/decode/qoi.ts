// QOI, the "quite OK image format" (qoiformat.org): a pixel as it is, a difference from the one before, a place in a table
// of 64 colours seen before, or a run.

import { PhotoError } from '../reasons.ts'
import type { DecodedPlain } from './decoded.ts'
import { overWhite, whitePixels } from './white.ts'

const HEADER = 14

export function decodeQoi(bytes: Buffer, maxPixels: number): DecodedPlain {
  if (bytes.length < HEADER) throw new PhotoError('truncated')
  const [width, height] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8)]
  if (width === 0 || height === 0)
    throw new PhotoError('unreadable', { why: `its header says ${width} x ${height} pixels` })
  if (width * height > maxPixels) throw new PhotoError('too-large', { pixels: width * height, limit: maxPixels })
  const data = whitePixels(width, height)
  const hasAlpha = bytes[12] === 4
  let pixel = 0
  for (const { red, green, blue, alpha, count } of qoiRuns(bytes)) {
    const colour = hasAlpha && alpha < 255 ? overWhite([red, green, blue], alpha) : [red, green, blue]
    for (let i = 0; i < count && pixel < width * height; i++) data.set(colour, pixel++ * 3)
    if (pixel === width * height) break
  }
  return { raster: { width, height, channels: 3, data }, complete: pixel === width * height, rows: null }
}

interface QoiRun {
  red: number
  green: number
  blue: number
  alpha: number
  count: number
}

/** Ends where the bytes do. */
function* qoiRuns(bytes: Buffer): Generator<Readonly<QoiRun>, void> {
  const seen = new Uint8Array(64 * 4)
  const now: QoiRun = { red: 0, green: 0, blue: 0, alpha: 255, count: 1 }
  for (let at = HEADER; at < bytes.length;) {
    const tag = bytes[at]!
    const length = tag === 0xff ? 5 : tag === 0xfe ? 4 : tag >> 6 === 2 ? 2 : 1
    if (at + length > bytes.length) return
    now.count = 1
    if (tag >= 0xfe) {
      ;[now.red, now.green, now.blue] = [bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!]
      if (tag === 0xff) now.alpha = bytes[at + 4]!
    } else if (tag >> 6 === 0) {
      const from = tag * 4
      ;[now.red, now.green, now.blue, now.alpha] = [seen[from]!, seen[from + 1]!, seen[from + 2]!, seen[from + 3]!]
    } else if (tag >> 6 === 1) {
      change(now, ((tag >> 4) & 3) - 2, ((tag >> 2) & 3) - 2, (tag & 3) - 2)
    } else if (tag >> 6 === 2) {
      const green = (tag & 63) - 32
      change(now, green + (bytes[at + 1]! >> 4) - 8, green, green + (bytes[at + 1]! & 15) - 8)
    } else now.count = (tag & 63) + 1
    seen.set(
      [now.red, now.green, now.blue, now.alpha],
      ((now.red * 3 + now.green * 5 + now.blue * 7 + now.alpha * 11) % 64) * 4,
    )
    yield now
    at += length
  }
}

function change(now: QoiRun, red: number, green: number, blue: number): void {
  now.red = (now.red + red) & 255
  now.green = (now.green + green) & 255
  now.blue = (now.blue + blue) & 255
}
