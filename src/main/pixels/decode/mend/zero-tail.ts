// Zeros from somewhere in a picture's data to its end are what a broken download or a full disk leaves: the file has its
// length and opens without complaint, and part of the photo is grey, black or nonsense. Packed data has no such run of
// zeros, or a short one. Plain pixels may: black ones. They count as lost only where the zeros begin in the middle of a row that is not
// black, under a row that is not black.

import type { ByteRange } from './iso-media.ts'

/** Rows of plain pixels in a file. */
export interface PlainRows {
  readonly from: number
  /** Bytes from row to row. */
  readonly stride: number
  readonly rows: number
  /** Bytes of a pixel, or of a byte's pixels where it holds several. */
  readonly pixel: number
}

/** Shorter runs happen. */
const SHORTEST = 32

/** Where the zeros at the end begin; the length of the file where there are none. */
export function zerosFrom(bytes: Buffer): number {
  let at = bytes.length
  while (at > 0 && bytes[at - 1] === 0) at--
  return at
}

/** Whether zeros at the end of the file reach into packed data, further than an even photo of so many pixels would have
 *  by itself: WebP packs even blocks of 16 x 16 pixels into at most a twentieth of a zero byte each. */
export function zerosInPacked(bytes: Buffer, ranges: readonly ByteRange[], pixels = 0): boolean {
  const zeros = zerosFrom(bytes)
  const shortest = SHORTEST + pixels / 2560
  return ranges.some(({ from, to }) => Math.min(to, bytes.length) - Math.max(from, zeros) >= shortest)
}

/** Whether zeros at the end of the file cut a row of plain pixels through. */
export function zerosInRows(bytes: Buffer, { from, stride, rows, pixel }: PlainRows): boolean {
  const end = Math.min(bytes.length, from + stride * rows)
  const zeros = zerosFrom(bytes)
  if (end - zeros < Math.max(SHORTEST, stride) || zeros - from < stride) return false
  const row = from + Math.floor((zeros - from) / stride) * stride
  const margin = Math.max(4, stride / 50)
  if (zeros - row < margin || row + stride - zeros < margin) return false
  const aboveZeros = row - stride + Math.ceil((zeros - row) / pixel) * pixel
  return mostlyNotBlack(bytes.subarray(row, zeros), pixel) && mostlyNotBlack(bytes.subarray(aboveZeros, row), pixel)
}

function mostlyNotBlack(bytes: Buffer, pixel: number): boolean {
  let black = 0
  for (let at = 0; at + pixel <= bytes.length; at += pixel) {
    if (bytes.subarray(at, at + pixel).every(byte => byte === 0)) black++
  }
  return black * pixel <= bytes.length / 10
}
