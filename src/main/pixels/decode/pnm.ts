// PBM, PGM, PPM and PAM: a short header in text, then numbers in text or bytes. Any maximum up to 65,535.

import { PhotoError } from '../reasons.ts'
import type { DecodedPlain } from './decoded.ts'
import { overWhite, whitePixels } from './white.ts'

interface PnmHeader {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly most: number
  readonly kind: 'text' | 'bits' | 'bytes'
  /** PBM: 1 is black. */
  readonly inverted: boolean
  readonly from: number
}

/** PhotoError 'not-an-image' where the header is none: a text may begin with P3. */
export function decodePnm(bytes: Buffer, maxPixels: number): DecodedPlain {
  const header = bytes[1] === 0x37 ? readPam(bytes) : readPnm(bytes)
  if (!header) throw new PhotoError('not-an-image')
  const { width, height, channels, most } = header
  if (width * height > maxPixels) throw new PhotoError('too-large', { pixels: width * height, limit: maxPixels })
  const numbers = header.kind === 'text' ? textNumbers(bytes, header) : byteNumbers(bytes, header)
  const data = whitePixels(width, height)
  let complete = true
  for (let pixel = 0; pixel < width * height && complete; pixel++) {
    const values = Array.from({ length: channels }, () => numbers.next().value)
    if (values.some(value => value === undefined)) complete = false
    else
      data.set(
        toColour(
          (values as number[]).map(value => Math.round((Math.min(value, most) * 255) / most)),
          header,
        ),
        pixel * 3,
      )
  }
  const size = most > 255 ? 2 : 1
  const bits = header.kind === 'bits'
  const stride = bits ? Math.ceil(width / 8) : width * channels * size
  const plain = { from: header.from, stride, rows: height, pixel: bits ? 1 : channels * size }
  return { raster: { width, height, channels: 3, data }, complete, rows: header.kind === 'text' ? null : plain }
}

function toColour(values: readonly number[], { channels, inverted }: PnmHeader): readonly [number, number, number] {
  const grey = inverted ? 255 - values[0]! : values[0]!
  const colour = channels < 3 ? ([grey, grey, grey] as const) : ([values[0]!, values[1]!, values[2]!] as const)
  return channels % 2 === 0 ? overWhite(colour, values[channels - 1]!) : colour
}

/** Sizes and maximum with blanks and comments between them, then one blank. */
function readPnm(bytes: Buffer): PnmHeader | null {
  const digit = bytes[1]! - 0x30
  const bitmap = digit === 1 || digit === 4
  const blank = '(?:\\s|#[^\\n\\r]*[\\n\\r])+'
  const head = bytes.toString('latin1', 0, 4096)
  const found = new RegExp(`^P[1-6]${blank}(\\d{1,9})${blank}(\\d{1,9})${bitmap ? '' : `${blank}(\\d{1,5})`}\\s`).exec(
    head,
  )
  if (!found) return null
  const [, width, height, most = '1'] = found
  const kind = digit <= 3 ? 'text' : bitmap ? 'bits' : 'bytes'
  return checked({
    width: Number(width),
    height: Number(height),
    channels: digit % 3 === 0 ? 3 : 1,
    most: Number(most),
    kind,
    inverted: bitmap,
    from: found[0].length,
  })
}

function readPam(bytes: Buffer): PnmHeader | null {
  const head = bytes.toString('latin1', 0, 4096)
  const end = /\nENDHDR[^\n]*\n/.exec(head)
  if (!end) return null
  const field = (name: string): number => Number(new RegExp(`\\n\\s*${name}\\s+(\\d{1,9})`).exec(head)?.[1] ?? 0)
  const channels = field('DEPTH')
  if (channels < 1 || channels > 4) return null
  const from = end.index + end[0].length
  const size = { width: field('WIDTH'), height: field('HEIGHT') }
  return checked({ ...size, channels, most: field('MAXVAL'), kind: 'bytes', inverted: false, from })
}

function checked(header: PnmHeader): PnmHeader | null {
  return header.width > 0 && header.height > 0 && header.most > 0 && header.most < 65_536 ? header : null
}

/** In a text of bits every digit is a number; elsewhere numbers stand between blanks. */
function* textNumbers(bytes: Buffer, { from, inverted }: PnmHeader): Generator<number, undefined> {
  let value = -1
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte >= 0x30 && byte <= 0x39) {
      if (inverted) yield byte - 0x30
      else value = Math.max(0, value) * 10 + byte - 0x30
      continue
    }
    if (value >= 0) yield value
    value = -1
    if (byte === 0x23) while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at++
  }
  if (value >= 0) yield value
}

function* byteNumbers(bytes: Buffer, { from, most, kind, width }: PnmHeader): Generator<number, undefined> {
  if (kind === 'bits') {
    const stride = Math.ceil(width / 8)
    for (let row = from; row + stride <= bytes.length; row += stride)
      for (let x = 0; x < width; x++) yield (bytes[row + (x >> 3)]! >> (7 - (x & 7))) & 1
    return
  }
  const size = most > 255 ? 2 : 1
  for (let at = from; at + size <= bytes.length; at += size) yield size === 2 ? bytes.readUInt16BE(at) : bytes[at]!
}
