// Reads the numbers of a TIFF as they are, of any size and kind, from strips or tiles, in one plane or several: one plain
// array, pixel by pixel. What colours they mean is for colours.ts.

import { unpack } from './unpack.ts'
import type { TiffLayout } from './layout.ts'

export type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

export interface TiffSamples {
  /** height x width x samples. */
  readonly numbers: Numbers
  /** False where strips are missing, short or damaged; their numbers are 0. */
  readonly complete: boolean
}

export function readSamples(bytes: Buffer, layout: TiffLayout): TiffSamples {
  const { width, height, samples, planar, part } = layout
  const numbers = room(layout, width * height * samples)
  const across = part.tiled ? Math.ceil(width / part.width) : 1
  const down = Math.ceil(height / part.height)
  const planes = planar ? samples : 1
  let complete = layout.offsets.length >= planes * across * down
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < across * down && plane * across * down + i < layout.offsets.length; i++) {
      const left = (i % across) * part.width,
        top = Math.floor(i / across) * part.height
      const rows = part.tiled ? part.height : Math.min(part.height, height - top)
      const read = readPart(bytes, layout, plane * across * down + i, rows)
      complete &&= read.whole
      place(numbers, layout, read.numbers, { left, top, rows, plane })
    }
  }
  return { numbers, complete }
}

function room({ bits, numbers }: TiffLayout, length: number): Numbers {
  if (numbers === 'float') return bits === 64 ? new Float64Array(length) : new Float32Array(length)
  if (bits > 32) return new Float64Array(length)
  if (numbers === 'signed')
    return bits <= 8 ? new Int8Array(length) : bits <= 16 ? new Int16Array(length) : new Int32Array(length)
  return bits <= 8 ? new Uint8Array(length) : bits <= 16 ? new Uint16Array(length) : new Uint32Array(length)
}

/** One strip or tile. */
function readPart(
  bytes: Buffer,
  layout: TiffLayout,
  index: number,
  rows: number,
): { numbers: Numbers; whole: boolean } {
  const { part, bits, planar, samples, predictor, compression } = layout
  const perRow = part.width * (planar ? 1 : samples)
  const stride = Math.ceil((perRow * bits) / 8)
  const from = layout.offsets[index] ?? bytes.length
  const packed = bytes.subarray(from, from + (layout.counts[index] ?? bytes.length))
  const unpacked = unpack(packed, compression, stride * rows)
  const plain = Buffer.alloc(stride * rows)
  plain.set(unpacked)
  const step = planar ? 1 : samples
  const isFloat = predictor === 3 && layout.numbers === 'float'
  if (isFloat)
    for (let y = 0; y < rows; y++) undoFloatPrediction(plain.subarray(y * stride, (y + 1) * stride), step, bits / 8)
  const numbers = room(layout, perRow * rows)
  const read = numberReader(plain, layout, isFloat)
  for (let y = 0; y < rows; y++) for (let x = 0; x < perRow; x++) numbers[y * perRow + x] = read(y * stride, x)
  if (predictor === 2) undoPrediction(numbers, perRow, step)
  return { numbers, whole: from > 0 && unpacked.length === stride * rows }
}

/** Predictor 2: each number is written as its difference from the one a pixel before; sums wrap as their type does. */
function undoPrediction(numbers: Numbers, perRow: number, step: number): void {
  for (let row = 0; row < numbers.length; row += perRow) {
    for (let x = step; x < perRow; x++) numbers[row + x] = numbers[row + x]! + numbers[row + x - step]!
  }
}

/** Predictor 3: bytes as differences, and the bytes of a row sorted by weight, heaviest first. Leaves big-endian
 *  floats. */
function undoFloatPrediction(row: Buffer, step: number, size: number): void {
  for (let i = step; i < row.length; i++) row[i] = row[i]! + row[i - step]!
  const sorted = Buffer.from(row)
  const count = row.length / size
  for (let i = 0; i < count; i++) for (let b = 0; b < size; b++) row[i * size + b] = sorted[b * count + i]!
}

type NumberReader = (row: number, index: number) => number

function numberReader(plain: Buffer, layout: TiffLayout, bigEndian: boolean): NumberReader {
  const { bits, numbers } = layout
  if (bits % 8 !== 0) return bitReader(plain, bits, numbers === 'signed')
  const size = bits / 8
  const read = valueReader(plain, layout, layout.little && !bigEndian)
  return (row, index) => read(row + index * size)
}

function valueReader(plain: Buffer, { bits, numbers }: TiffLayout, little: boolean): (at: number) => number {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.length)
  if (numbers === 'float') {
    if (bits === 16) return at => halfFloat(view.getUint16(at, little))
    return bits === 32 ? at => view.getFloat32(at, little) : at => view.getFloat64(at, little)
  }
  if (bits === 64)
    return numbers === 'signed'
      ? at => Number(view.getBigInt64(at, little))
      : at => Number(view.getBigUint64(at, little))
  const size = bits / 8
  if (numbers === 'signed') return little ? at => plain.readIntLE(at, size) : at => plain.readIntBE(at, size)
  if (size === 1) return at => plain[at]!
  if (size === 2) return at => view.getUint16(at, little)
  return little ? at => plain.readUIntLE(at, size) : at => plain.readUIntBE(at, size)
}

/** Numbers of any count of bits, packed from the highest bit on, each row beginning a byte. */
function bitReader(plain: Buffer, bits: number, signed: boolean): NumberReader {
  return (row, index) => {
    let value = 0
    for (let bit = index * bits; bit < (index + 1) * bits; bit++)
      value = value * 2 + ((plain[row + (bit >> 3)]! >> (7 - (bit & 7))) & 1)
    return signed && value >= 2 ** (bits - 1) ? value - 2 ** bits : value
  }
}

function halfFloat(value: number): number {
  const sign = value & 0x8000 ? -1 : 1
  const exponent = (value >> 10) & 31
  const fraction = value & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  return exponent === 31 ? (fraction ? NaN : sign * Infinity) : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Copies a strip or tile to where it belongs; what reaches beyond the photo's edge is left out. */
function place(
  numbers: Numbers,
  { width, height, samples, planar, part }: TiffLayout,
  from: Numbers,
  { left, top, rows, plane }: { left: number; top: number; rows: number; plane: number },
): void {
  const columns = Math.min(part.width, width - left)
  const step = planar ? 1 : samples
  for (let y = 0; y < Math.min(rows, height - top); y++) {
    const at = ((top + y) * width + left) * samples
    const row = y * part.width * step
    if (planar) for (let x = 0; x < columns; x++) numbers[at + x * samples + plane] = from[row + x]!
    else numbers.set(from.subarray(row, row + columns * step), at)
  }
}
