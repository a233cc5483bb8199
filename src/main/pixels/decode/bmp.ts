// A small, careful BMP decoder, because the prebuilt image library reads none: 1, 2, 4, 8, 16, 24 and 32 bits with or
// without bit masks, run lengths of 4 and 8 bits, bottom-up and top-down, every header size in use. Never reads outside
// the bytes given and throws only PhotoError. Alpha counts only where a mask declares it; colour profiles of BMP headers
// are not applied.

import { PhotoError } from '../reasons.ts'
import { unpackRle } from './bmp-rle.ts'
import type { DecodedPlain } from './decoded.ts'
import { overWhite, whitePixels, type Rgb } from './white.ts'

interface BmpHeader {
  readonly width: number
  readonly height: number
  readonly topDown: boolean
  readonly bits: number
  /** Run lengths of 4 or 8 bits; null for plain rows. */
  readonly runs: 4 | 8 | null
  readonly masks: readonly [red: number, green: number, blue: number, alpha: number]
  readonly palette: Buffer
  /** Bytes of one palette entry: blue, green, red and maybe an unused one. */
  readonly entry: 3 | 4
  readonly pixels: number
}

/** Decodes a whole BMP to upright RGB; 'too-large' above maxPixels, 'unsupported' for other compressed kinds,
 *  'unreadable' for nonsense. */
export function decodeBmp(bytes: Buffer, maxPixels: number): DecodedPlain {
  const header = readHeader(bytes)
  const { width, height } = header
  if (width * height > maxPixels) throw new PhotoError('too-large', { pixels: width * height, limit: maxPixels })
  if (header.runs) return decodeRuns(bytes, header, header.runs)
  const data = whitePixels(width, height)
  const stride = strideOf(header)
  const readPixel = pixelReader(bytes, header)
  let complete = true
  for (let y = 0; y < height; y++) {
    const row = header.pixels + (header.topDown ? y : height - 1 - y) * stride
    const whole = Math.max(0, Math.min(width, Math.floor(((bytes.length - row) * 8) / header.bits)))
    complete &&= whole === width
    for (let x = 0; x < whole; x++) data.set(readPixel(row, x), (y * width + x) * 3)
  }
  const rows = { from: header.pixels, stride, rows: height, pixel: Math.ceil(header.bits / 8) }
  return { raster: { width, height, channels: 3, data }, complete, rows }
}

/** Pixels that the runs leave out are white, as everything that is not drawn. */
function decodeRuns(bytes: Buffer, header: BmpHeader, bits: 4 | 8): DecodedPlain {
  const { width, height } = header
  const data = whitePixels(width, height)
  const { indices, complete } = unpackRle(bytes, header.pixels, width, height, bits)
  const colours = coloursOf(header)
  indices.forEach((index, i) => {
    const y = height - 1 - Math.floor(i / width)
    if (index >= 0) data.set(colours[index]!, (y * width + (i % width)) * 3)
  })
  return { raster: { width, height, channels: 3, data }, complete, rows: null }
}

/** Rows end on a multiple of four bytes. */
function strideOf({ width, bits }: Pick<BmpHeader, 'width' | 'bits'>): number {
  return Math.ceil((width * bits) / 32) * 4
}

function readHeader(bytes: Buffer): BmpHeader {
  if (bytes.length < 26) throw new PhotoError('truncated')
  const size = bytes.readUInt32LE(14)
  const core = size === 12
  if (!core && (size < 16 || size > 256)) throw broken(`its header of ${size} bytes is unknown`)
  if (bytes.length < 14 + size) throw new PhotoError('truncated')
  const field = (offset: number): number => (offset + 4 <= size ? bytes.readUInt32LE(14 + offset) : 0)
  const width = core ? bytes.readUInt16LE(18) : bytes.readInt32LE(18)
  const height = core ? bytes.readUInt16LE(20) : bytes.readInt32LE(22)
  const bits = bytes.readUInt16LE(core ? 24 : 28)
  if (width <= 0 || height === 0) throw broken(`its header says ${width} x ${height} pixels`)
  const runs = core ? null : runsOf(bits, field(16))
  const masks = readMasks(bytes, size, bits, core || runs ? 0 : field(16))
  const entry = core ? 3 : 4
  const from = 14 + size + (size === 40 && masks.outside ? 12 : 0)
  const colours = bits <= 8 ? Math.min(2 ** bits, field(32) || 2 ** bits) : 0
  const shape = {
    width,
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    runs,
    masks: masks.values,
    entry,
  } as const
  const pixels = pixelOffset(bytes, shape, from, from + colours * entry)
  return { ...shape, pixels, palette: bytes.subarray(from, Math.max(from, Math.min(from + colours * entry, pixels))) }
}

/** Where the pixels begin. An offset within the palette means a shorter palette where the file has no room for a whole
 *  one; otherwise it is wrong, and the pixels follow the palette. */
function pixelOffset(
  bytes: Buffer,
  shape: Pick<BmpHeader, 'width' | 'height' | 'bits' | 'runs'>,
  palette: number,
  behindPalette: number,
): number {
  const said = bytes.readUInt32LE(10)
  if (said >= behindPalette) return said
  const room = shape.runs ? Infinity : strideOf(shape) * shape.height
  return said > palette && bytes.length < behindPalette + room ? said : behindPalette
}

function runsOf(bits: number, compression: number): 4 | 8 | null {
  if (compression === 1 && bits === 8) return 8
  return compression === 2 && bits === 4 ? 4 : null
}

/** Masks of 16 and 32 bit pixels: the usual ones, or those written in or just behind the header. */
function readMasks(
  bytes: Buffer,
  size: number,
  bits: number,
  compression: number,
): { values: BmpHeader['masks']; outside: boolean } {
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits)) throw broken(`it has ${bits} bits per pixel`)
  if (compression === 0) {
    return { values: bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0x00ff00, 0x0000ff, 0], outside: false }
  }
  const masked = (compression === 3 || compression === 6) && (bits === 16 || bits === 32)
  if (!masked) throw new PhotoError('unsupported', { format: compressedName(bits, compression) })
  if (bytes.length < 70) throw new PhotoError('truncated')
  const alpha = size >= 56 || compression === 6 ? bytes.readUInt32LE(66) : 0
  return { values: [bytes.readUInt32LE(54), bytes.readUInt32LE(58), bytes.readUInt32LE(62), alpha], outside: true }
}

function compressedName(bits: number, compression: number): string {
  if (compression === 4 && bits !== 24) return 'BMP with a JPEG inside'
  return compression === 5 ? 'BMP with a PNG inside' : `Compressed BMP (kind ${compression}, ${bits} bits)`
}

function broken(why: string): PhotoError {
  return new PhotoError('unreadable', { why })
}

function pixelReader(bytes: Buffer, header: BmpHeader): (row: number, x: number) => Rgb {
  if (header.bits === 24) {
    return (row, x) => [bytes[row + x * 3 + 2]!, bytes[row + x * 3 + 1]!, bytes[row + x * 3]!]
  }
  return header.bits <= 8 ? paletteReader(bytes, header) : maskReader(bytes, header)
}

/** An index beyond the palette is black, as other readers have it. */
function coloursOf({ bits, palette, entry }: BmpHeader): readonly Rgb[] {
  return Array.from({ length: 2 ** bits }, (_, i): Rgb => {
    const at = i * entry
    return at + 3 <= palette.length ? [palette[at + 2]!, palette[at + 1]!, palette[at]!] : [0, 0, 0]
  })
}

function paletteReader(bytes: Buffer, header: BmpHeader): (row: number, x: number) => Rgb {
  const { bits } = header
  const colours = coloursOf(header)
  const perByte = 8 / bits
  const mask = 2 ** bits - 1
  return (row, x) => colours[(bytes[row + Math.floor(x / perByte)]! >> (8 - bits * ((x % perByte) + 1))) & mask]!
}

function maskReader(bytes: Buffer, { bits, masks }: BmpHeader): (row: number, x: number) => Rgb {
  const [red, green, blue, alpha] = masks.map(channelReader) as [BmpChannel, BmpChannel, BmpChannel, BmpChannel]
  const read = bits === 16 ? (at: number) => bytes.readUInt16LE(at) : (at: number) => bytes.readUInt32LE(at)
  return (row, x) => {
    const value = read(row + x * (bits / 8))
    const colour: Rgb = [red(value), green(value), blue(value)]
    return masks[3] === 0 ? colour : overWhite(colour, alpha(value))
  }
}

type BmpChannel = (value: number) => number

/** Takes the masked bits of a pixel and stretches them to 0..255. */
function channelReader(mask: number): BmpChannel {
  if (mask === 0) return () => 0
  const shift = 31 - Math.clz32(mask & -mask)
  const largest = mask >>> shift
  return value => Math.round((((value & mask) >>> shift) * 255) / largest)
}
