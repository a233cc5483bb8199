// Writes TIFFs of every kind of numbers: any bits, signed or float, strips or tiles, one plane or several, with
// predictors, in either byte order.

import { deflateSync, zstdCompressSync } from 'node:zlib'

export interface TiffOptions {
  readonly width: number
  readonly height: number
  /** Channels of a pixel; default 1. */
  readonly samples?: number
  readonly bits: number
  /** 1 unsigned (default), 2 signed, 3 float. */
  readonly numbers?: 1 | 2 | 3
  /** Default 1 (black is zero) for one channel, 2 (RGB) for more. */
  readonly photometric?: number
  readonly compression?: 1 | 5 | 8 | 32773 | 50000 | 6 | 34925 | 50002
  readonly predictor?: 1 | 2 | 3
  readonly planar?: boolean
  /** Side of square tiles; strips of `rows` without. */
  readonly tile?: number
  readonly rows?: number
  /** Kinds of the extra channels. */
  readonly extra?: readonly number[]
  /** 16-bit colours: all reds, all greens, all blues. */
  readonly palette?: readonly number[]
  readonly orientation?: number
  readonly bigEndian?: boolean
  readonly value: (x: number, y: number, channel: number) => number
}

type Part = (x: number, y: number, c: number) => number

export function tiff(options: TiffOptions): Buffer {
  const { width, height, samples = 1, bits, planar = false, tile, rows = height, bigEndian = false } = options
  const [partWidth, partHeight] = tile ? [tile, tile] : [width, rows]
  const parts: Buffer[] = []
  for (let plane = 0; plane < (planar ? samples : 1); plane++)
    for (let top = 0; top < height; top += partHeight)
      for (let left = 0; left < width; left += partWidth) {
        const lines = tile ? tile : Math.min(partHeight, height - top)
        const at: Part = (x, y, c) =>
          left + x < width && top + y < height ? options.value(left + x, top + y, planar ? plane : c) : 0
        parts.push(pack(plainPart(options, partWidth, lines, planar ? 1 : samples, at), options.compression ?? 1))
      }
  const tags: [number, 3 | 4, readonly number[]][] = [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, Array.from({ length: samples }, () => bits)],
    [259, 3, [options.compression ?? 1]],
    [262, 3, [options.photometric ?? (samples < 3 ? 1 : 2)]],
    ...(tile ? [] : [[273, 4, parts.map(() => 0)] as [number, 4, number[]]]),
    [274, 3, [options.orientation ?? 1]],
    [277, 3, [samples]],
    ...(tile ? [] : [[278, 4, [rows]] as [number, 4, number[]]]),
    ...(tile ? [] : [[279, 4, parts.map(part => part.length)] as [number, 4, number[]]]),
    [284, 3, [planar ? 2 : 1]],
    [317, 3, [options.predictor ?? 1]],
    ...(options.palette ? [[320, 3, options.palette] as [number, 3, readonly number[]]] : []),
    ...(tile
      ? ([
          [322, 4, [tile]],
          [323, 4, [tile]],
          [324, 4, parts.map(() => 0)],
          [325, 4, parts.map(part => part.length)],
        ] as [number, 4, number[]][])
      : []),
    ...(options.extra ? [[338, 3, options.extra] as [number, 3, readonly number[]]] : []),
    [339, 3, Array.from({ length: samples }, () => options.numbers ?? 1)],
  ]
  return assemble(tags, parts, bigEndian)
}

function assemble(tags: [number, 3 | 4, readonly number[]][], parts: readonly Buffer[], bigEndian: boolean): Buffer {
  const sizeOf = ([, type, values]: (typeof tags)[number]): number => values.length * (type === 3 ? 2 : 4)
  const directory = 8
  let room = directory + 2 + tags.length * 12 + 4
  const places = tags.map(tag => {
    const at = room
    if (sizeOf(tag) > 4) room += sizeOf(tag)
    return at
  })
  const offsets = tags.find(([tag]) => tag === 273 || tag === 324)!
  let at = room
  offsets[2] = parts.map(part => {
    const from = at
    at += part.length
    return from
  })
  const head = Buffer.alloc(room)
  const u16 = (value: number, to: number): number =>
    bigEndian ? head.writeUInt16BE(value, to) : head.writeUInt16LE(value, to)
  const u32 = (value: number, to: number): number =>
    bigEndian ? head.writeUInt32BE(value, to) : head.writeUInt32LE(value, to)
  head.write(bigEndian ? 'MM\0*' : 'II*\0', 'latin1')
  u32(directory, 4)
  u16(tags.length, directory)
  tags.forEach((tag, i) => {
    const [id, type, values] = tag
    const entry = directory + 2 + i * 12
    u16(id, entry)
    u16(type, entry + 2)
    u32(values.length, entry + 4)
    const outside = sizeOf(tag) > 4
    if (outside) u32(places[i]!, entry + 8)
    values.forEach((value, k) =>
      type === 3
        ? u16(value, (outside ? places[i]! : entry + 8) + k * 2)
        : u32(value, (outside ? places[i]! : entry + 8) + k * 4),
    )
  })
  return Buffer.concat([head, ...parts])
}

function plainPart(options: TiffOptions, width: number, height: number, samples: number, at: Part): Buffer {
  const stride = Math.ceil((width * samples * options.bits) / 8)
  const part = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const row = Array.from({ length: width * samples }, (_, i) => at(Math.floor(i / samples), y, i % samples))
    const written =
      options.predictor === 2
        ? row.map((value, i) => (i < samples ? value : wrap(value - row[i - samples]!, options.bits)))
        : row
    writeRow(part.subarray(y * stride, (y + 1) * stride), written, options)
    if (options.predictor === 3) predictFloats(part.subarray(y * stride, (y + 1) * stride), samples, options)
  }
  return part
}

const wrap = (value: number, bits: number): number => ((value % 2 ** bits) + 2 ** bits) % 2 ** bits

function writeRow(
  row: Buffer,
  values: readonly number[],
  { bits, numbers = 1, bigEndian, predictor }: TiffOptions,
): void {
  const view = new DataView(row.buffer, row.byteOffset, row.length)
  const little = predictor === 3 ? false : !bigEndian
  values.forEach((value, i) => {
    if (numbers === 3 && bits === 16) view.setUint16(i * 2, toHalf(value), little)
    else if (numbers === 3 && bits === 32) view.setFloat32(i * 4, value, little)
    else if (numbers === 3) view.setFloat64(i * 8, value, little)
    else if (bits === 64) view.setBigUint64(i * 8, BigInt(Math.round(value)), little)
    else if (bits % 8 === 0) {
      const plain = wrap(Math.round(value), bits)
      if (little) row.writeUIntLE(plain, (i * bits) / 8, bits / 8)
      else row.writeUIntBE(plain, (i * bits) / 8, bits / 8)
    } else
      for (let bit = 0; bit < bits; bit++) {
        const place = i * bits + bit
        row[place >> 3]! |= ((Math.round(value) >> (bits - 1 - bit)) & 1) << (7 - (place & 7))
      }
  })
}

/** Of values from 0 to 2, rounded down. */
function toHalf(value: number): number {
  if (value < 2 ** -14) return Math.round(value * 2 ** 24)
  const exponent = Math.floor(Math.log2(value))
  return ((exponent + 15) << 10) | Math.floor((value / 2 ** exponent - 1) * 1024)
}

function predictFloats(row: Buffer, samples: number, { bits }: TiffOptions): void {
  const size = bits / 8
  const count = row.length / size
  const plain = Buffer.from(row)
  for (let i = 0; i < count; i++) for (let b = 0; b < size; b++) row[b * count + i] = plain[i * size + b]!
  for (let i = row.length - 1; i >= samples; i--) row[i] = row[i]! - row[i - samples]!
}

function pack(plain: Buffer, compression: number): Buffer {
  if (compression === 5) return literalLzw(plain)
  if (compression === 8) return deflateSync(plain)
  if (compression === 50000) return zstdCompressSync(plain)
  if (compression !== 32773) return plain
  const runs: Buffer[] = []
  for (let at = 0; at < plain.length; at += 100) {
    const piece = plain.subarray(at, at + 100)
    runs.push(Buffer.from([piece.length - 1]), piece)
  }
  return Buffer.concat(runs)
}

/** Every byte as it is, the table cleared before its codes grow. */
function literalLzw(plain: Buffer): Buffer {
  const codes: number[] = []
  plain.forEach((byte, i) => {
    if (i % 200 === 0) codes.push(256)
    codes.push(byte)
  })
  codes.push(257)
  const out = Buffer.alloc(Math.ceil((codes.length * 9) / 8))
  codes.forEach((code, i) => {
    for (let bit = 0; bit < 9; bit++) {
      const place = i * 9 + bit
      out[place >> 3]! |= ((code >> (8 - bit)) & 1) << (7 - (place & 7))
    }
  })
  return out
}
