// Truevision TGA: palettes, colours and greys of 8 to 32 bits, plain or in runs, from any corner. The format has no mark
// at its beginning, so its header must make sense in every field before a file passes for one.

import { PhotoError } from '../reasons.ts'
import type { DecodedPlain } from './decoded.ts'
import { overWhite, whitePixels, type Rgb } from './white.ts'

interface TgaHeader {
  readonly width: number
  readonly height: number
  readonly kind: 'palette' | 'colour' | 'grey'
  readonly packed: boolean
  /** Bytes of a pixel, or of an index. */
  readonly size: number
  readonly alphaBits: number
  readonly fromRight: boolean
  readonly fromTop: boolean
  readonly palette: { readonly from: number; readonly first: number; readonly count: number; readonly size: number }
  readonly pixels: number
}

const HEADER = 18
const kinds = { 1: 'palette', 2: 'colour', 3: 'grey' } as const
const FOOTER = 'TRUEVISION-XFILE'

/** Whether the bytes are a TGA: every field in its range, and of plain pixels all there or the newer format's footer. */
export function isTga(bytes: Buffer): boolean {
  const header = readHeader(bytes)
  if (!header) return false
  if (bytes.length > 44 && bytes.toString('latin1', bytes.length - 18, bytes.length - 2) === FOOTER) return true
  const plain = header.width * header.height * header.size
  const left = bytes.length - header.pixels - plain
  return header.packed ? left < 0 && decodePixels(bytes, header).complete : left >= 0 && left <= 4096
}

export function decodeTga(bytes: Buffer, maxPixels: number): DecodedPlain {
  const header = readHeader(bytes)
  if (!header) throw new PhotoError('not-an-image')
  const { width, height } = header
  if (width * height > maxPixels) throw new PhotoError('too-large', { pixels: width * height, limit: maxPixels })
  return decodePixels(bytes, header)
}

function readHeader(bytes: Buffer): TgaHeader | null {
  if (bytes.length < HEADER) return null
  const [hasPalette, type, descriptor] = [bytes[1]!, bytes[2]!, bytes[17]!]
  const kind = kinds[(type & 7) as 1 | 2 | 3]
  if (hasPalette > 1 || !kind || (type & ~8) !== (type & 7) || (kind === 'palette') !== (hasPalette === 1)) return null
  const [first, count, paletteBits] = [bytes.readUInt16LE(3), bytes.readUInt16LE(5), bytes[7]!]
  const [width, height, bits] = [bytes.readUInt16LE(12), bytes.readUInt16LE(14), bytes[16]!]
  const allowed = { palette: [8, 16], colour: [15, 16, 24, 32], grey: [8, 16] }[kind]
  const paletteFits = hasPalette === 1 ? [15, 16, 24, 32].includes(paletteBits) && count > 0 : count === 0
  if (width === 0 || height === 0 || !allowed.includes(bits) || !paletteFits || descriptor >> 6 !== 0) return null
  const size = Math.ceil(bits / 8),
    entry = Math.ceil(paletteBits / 8)
  const palette = { from: HEADER + bytes[0]!, first, count, size: entry }
  const place = { fromRight: (descriptor & 16) !== 0, fromTop: (descriptor & 32) !== 0 }
  const pixels = palette.from + (hasPalette === 1 ? count * entry : 0)
  return { width, height, kind, packed: type > 8, size, alphaBits: descriptor & 15, ...place, palette, pixels }
}

function decodePixels(bytes: Buffer, header: TgaHeader): DecodedPlain {
  const { width, height, size, packed, fromRight, fromTop, pixels } = header
  const data = whitePixels(width, height)
  const colourAt = colourReader(bytes, header)
  let pixel = 0
  const put = (at: number): void => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    data.set(colourAt(at), ((fromTop ? y : height - 1 - y) * width + (fromRight ? width - 1 - x : x)) * 3)
    pixel++
  }
  for (let at = pixels; pixel < width * height && at + size <= bytes.length;) {
    const run = packed ? bytes[at++]! : 0
    const repeated = (run & 128) !== 0
    const count = Math.min(width * height - pixel, (run & 127) + 1)
    for (let i = 0; i < count && at + size <= bytes.length; i++) {
      put(at)
      if (!repeated) at += size
    }
    if (repeated) at += size
  }
  const rows = packed ? null : { from: pixels, stride: width * size, rows: height, pixel: size }
  return { raster: { width, height, channels: 3, data }, complete: pixel === width * height, rows }
}

function colourReader(bytes: Buffer, { kind, size, alphaBits, palette }: TgaHeader): (at: number) => Rgb {
  if (kind === 'grey')
    return at => overWhite([bytes[at]!, bytes[at]!, bytes[at]!], size === 2 && alphaBits === 8 ? bytes[at + 1]! : 255)
  if (kind === 'colour') return at => readColour(bytes, at, size, alphaBits)
  return at => {
    const index = (size === 2 ? bytes.readUInt16LE(at) : bytes[at]!) - palette.first
    const from = palette.from + index * palette.size
    const known = index >= 0 && index < palette.count && from + palette.size <= bytes.length
    return known ? readColour(bytes, from, palette.size, palette.size === 4 ? alphaBits : 0) : [0, 0, 0]
  }
}

/** Two bytes hold five bits of each colour. */
function readColour(bytes: Buffer, at: number, size: number, alphaBits: number): Rgb {
  if (size > 2) {
    const colour: Rgb = [bytes[at + 2]!, bytes[at + 1]!, bytes[at]!]
    return size === 4 && alphaBits === 8 ? overWhite(colour, bytes[at + 3]!) : colour
  }
  const value = bytes.readUInt16LE(at)
  const five = (shift: number): number => Math.round((((value >> shift) & 31) * 255) / 31)
  return [five(10), five(5), five(0)]
}
