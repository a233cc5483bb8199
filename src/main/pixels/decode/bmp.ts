// A small, careful BMP decoder, because the prebuilt image library reads none: uncompressed 1, 4, 8, 16, 24 and 32 bits
// with or without bit masks, bottom-up and top-down, every header size in use. Never reads outside the bytes given and
// throws only PhotoError. Alpha counts only where a mask declares it; colour profiles of BMP headers are not applied.

import { PhotoError } from '../reasons.ts'
import type { Raster } from '../resize/resample.ts'

export interface DecodedBmp {
  readonly raster: Raster
  /** False where the file ends before its last row; the missing pixels are white. */
  readonly complete: boolean
}

interface BmpHeader {
  readonly width: number
  readonly height: number
  readonly topDown: boolean
  readonly bits: number
  readonly masks: readonly [red: number, green: number, blue: number, alpha: number]
  readonly palette: Buffer
  /** Bytes of one palette entry: blue, green, red and maybe an unused one. */
  readonly entry: 3 | 4
  readonly pixels: number
}

type Rgb = readonly [red: number, green: number, blue: number]
const WHITE: Rgb = [255, 255, 255]

/** Decodes a whole BMP to upright RGB; 'too-large' above maxPixels, 'unsupported' for compressed kinds, 'unreadable'
 *  for nonsense. */
export function decodeBmp(bytes: Buffer, maxPixels: number): DecodedBmp {
  const header = readHeader(bytes)
  const { width, height } = header
  if (width * height > maxPixels) throw new PhotoError('too-large', { pixels: width * height, limit: maxPixels })
  const data = new Uint8Array(width * height * 3).fill(255)
  const stride = Math.ceil((width * header.bits) / 32) * 4
  const readPixel = pixelReader(bytes, header)
  let complete = true
  for (let y = 0; y < height; y++) {
    const row = header.pixels + (header.topDown ? y : height - 1 - y) * stride
    const whole = Math.max(0, Math.min(width, Math.floor(((bytes.length - row) * 8) / header.bits)))
    complete &&= whole === width
    for (let x = 0; x < whole; x++) data.set(readPixel(row, x), (y * width + x) * 3)
  }
  return { raster: { width, height, channels: 3, data }, complete }
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
  const masks = readMasks(bytes, size, bits, core ? 0 : field(16))
  const entry = core ? 3 : 4
  const from = 14 + size + (size === 40 && masks.outside ? 12 : 0)
  const pixels = bytes.readUInt32LE(10)
  const palette =
    bits <= 8
      ? bytes.subarray(from, Math.min(from + entry * (field(32) || 2 ** bits), Math.max(from, pixels)))
      : bytes.subarray(0, 0)
  return { width, height: Math.abs(height), topDown: height < 0, bits, masks: masks.values, palette, entry, pixels }
}

/** Masks of 16 and 32 bit pixels: the usual ones, or those written in or just behind the header. */
function readMasks(
  bytes: Buffer,
  size: number,
  bits: number,
  compression: number,
): { values: BmpHeader['masks']; outside: boolean } {
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw broken(`it has ${bits} bits per pixel`)
  if (compression === 0) {
    return { values: bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0x00ff00, 0x0000ff, 0], outside: false }
  }
  const masked = (compression === 3 || compression === 6) && (bits === 16 || bits === 32)
  if (!masked) throw new PhotoError('unsupported', { format: 'Compressed BMP' })
  if (bytes.length < 70) throw new PhotoError('truncated')
  const alpha = size >= 56 || compression === 6 ? bytes.readUInt32LE(66) : 0
  return { values: [bytes.readUInt32LE(54), bytes.readUInt32LE(58), bytes.readUInt32LE(62), alpha], outside: true }
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
function paletteReader(bytes: Buffer, { bits, palette, entry }: BmpHeader): (row: number, x: number) => Rgb {
  const colours = Array.from({ length: 2 ** bits }, (_, i): Rgb => {
    const at = i * entry
    return at + 3 <= palette.length ? [palette[at + 2]!, palette[at + 1]!, palette[at]!] : [0, 0, 0]
  })
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

function overWhite(colour: Rgb, alpha: number): Rgb {
  const [red, green, blue] = colour.map((value, i) => Math.round((value * alpha + WHITE[i]! * (255 - alpha)) / 255))
  return [red!, green!, blue!]
}
