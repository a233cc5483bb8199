// Writers of image files that sharp cannot make: BMP of every kind, PNG chunk by chunk (APNG, impossible sizes), TIFF
// headers of RAW files.

import { crc32, deflateSync } from 'node:zlib'

export interface BmpOptions {
  readonly width: number
  readonly height: number
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32
  readonly topDown?: boolean
  /** Header size: 12 (OS/2), 40, 108 or 124. */
  readonly header?: 12 | 40 | 108 | 124
  readonly compression?: number
  /** Red, green, blue, alpha masks; written where compression is 3 or 6. */
  readonly masks?: readonly [number, number, number, number]
  readonly palette?: readonly (readonly [number, number, number])[]
  /** The bits of a pixel: a palette index, or the packed value; for 24 bits 0xRRGGBB. */
  readonly pixel: (x: number, y: number) => number
}

export function bmp(options: BmpOptions): Buffer {
  const { width, height, bits, header = 40, compression = 0, masks, palette = [] } = options
  const masksBehind = masks && header === 40 ? (compression === 6 ? 16 : 12) : 0
  const entry = header === 12 ? 3 : 4
  const pixels = 14 + header + masksBehind + palette.length * entry
  const stride = Math.ceil((width * bits) / 32) * 4
  const file = Buffer.alloc(pixels + stride * height)
  file.write('BM', 'latin1')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE(pixels, 10)
  file.writeUInt32LE(header, 14)
  const storedHeight = options.topDown ? -height : height
  if (header === 12) {
    file.writeUInt16LE(width, 18)
    file.writeUInt16LE(height, 20)
    file.writeUInt16LE(1, 22)
    file.writeUInt16LE(bits, 24)
  } else {
    file.writeInt32LE(width, 18)
    file.writeInt32LE(storedHeight, 22)
    file.writeUInt16LE(1, 26)
    file.writeUInt16LE(bits, 28)
    file.writeUInt32LE(compression, 30)
    file.writeUInt32LE(palette.length, 46)
  }
  masks?.slice(0, header === 40 ? masksBehind / 4 : 4).forEach((mask, i) => file.writeUInt32LE(mask, 54 + i * 4))
  palette.forEach(([red, green, blue], i) => file.set([blue, green, red], 14 + header + masksBehind + i * entry))
  for (let y = 0; y < height; y++) {
    const row = pixels + (options.topDown ? y : height - 1 - y) * stride
    for (let x = 0; x < width; x++) writePixel(file, row, x, bits, options.pixel(x, y))
  }
  return file
}

function writePixel(file: Buffer, row: number, x: number, bits: number, value: number): void {
  if (bits >= 16) file.writeUIntLE(value, row + (x * bits) / 8, bits / 8)
  else file[row + Math.floor((x * bits) / 8)]! |= value << (8 - bits - ((x * bits) % 8))
}

export const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(data.length, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}

function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return pngChunk('IHDR', header)
}

/** An RGB PNG that claims a size and holds next to nothing. */
export function pngClaiming(width: number, height: number): Buffer {
  return Buffer.concat([
    PNG_SIGNATURE,
    pngHeader(width, height),
    pngChunk('IDAT', deflateSync(Buffer.alloc(1000))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** An RGB PNG from a function of its pixels. */
export function png(
  width: number,
  height: number,
  pixel: (x: number, y: number) => readonly [number, number, number],
): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows.set(pixel(x, y), y * (1 + width * 3) + 1 + x * 3)
  return Buffer.concat([
    PNG_SIGNATURE,
    pngHeader(width, height),
    pngChunk('IDAT', deflateSync(rows, { level: 1 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** An animated PNG of plain frames, each of one colour. */
export function apng(width: number, height: number, colours: readonly (readonly [number, number, number])[]): Buffer {
  const u32 = (...values: number[]): Buffer =>
    Buffer.concat(
      values.map(value => {
        const b = Buffer.alloc(4)
        b.writeUInt32BE(value)
        return b
      }),
    )
  const parts = [PNG_SIGNATURE, pngHeader(width, height), pngChunk('acTL', u32(colours.length, 0))]
  let sequence = 0
  colours.forEach((colour, i) => {
    parts.push(
      pngChunk('fcTL', Buffer.concat([u32(sequence++, width, height, 0, 0), Buffer.from([0, 1, 0, 10, 0, 0])])),
    )
    const row = Buffer.concat([Buffer.from([0]), ...Array.from({ length: width }, () => Buffer.from(colour))])
    const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))
    parts.push(i === 0 ? pngChunk('IDAT', pixels) : pngChunk('fdAT', Buffer.concat([u32(sequence++), pixels])))
  })
  return Buffer.concat([...parts, pngChunk('IEND', Buffer.alloc(0))])
}

/** A little-endian TIFF with one directory of these tags (type LONG), as RAW files begin. */
export function tiffWithTags(tags: Readonly<Record<number, number>>): Buffer {
  const entries = Object.entries(tags)
  const file = Buffer.alloc(200 + entries.length * 12)
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(16, 4)
  file.writeUInt16LE(entries.length, 16)
  entries.forEach(([tag, value], i) => {
    const at = 18 + i * 12
    file.writeUInt16LE(Number(tag), at)
    file.writeUInt16LE(4, at + 2)
    file.writeUInt32LE(1, at + 4)
    file.writeUInt32LE(value, at + 8)
  })
  return file
}

/** The first box of an ISO media file with these brands, then nothing of use. */
export function isoMedia(...brands: readonly string[]): Buffer {
  const box = Buffer.from(`\0\0\0\0ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`, 'latin1')
  box.writeUInt32BE(box.length)
  return Buffer.concat([box, Buffer.alloc(64)])
}
