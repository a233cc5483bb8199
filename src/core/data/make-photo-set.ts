// Pixels and labels as callers have them, bytes or floats, made into the photo set that training reads. What would be read
// wrongly is refused with a sentence: floats outside 0..1, bytes in an array of another type, labels that are no classes.

import { CoreError } from '../error.ts'
import { refuseOthers } from '../options.ts'
import { checkSizes, type PhotoSet } from './photo-set.ts'

/** Photos of one size with their labels, as callers have them; `photoSet` makes them ready. */
export interface Photos {
  /** [rows, height, width, channels], row after row: bytes in 0..255, or floats in 0..1, which are rounded to the nearest
   *  of 256 levels. */
  readonly images: Uint8Array | Uint8ClampedArray | Float32Array | Float64Array
  /** Class of each row, a whole number from 0. */
  readonly labels: ArrayLike<number>
  readonly height: number
  readonly width: number
  /** 1 for grey, 3 for colour. */
  readonly channels: number
}

/** The photos as bytes with their labels as u32; bytes on memory of their own are taken without a copy. Throws CoreError
 *  'bad-data' naming the first pixel or label that is wrong. */
export function photoSet({ images, labels, height, width, channels, ...others }: Photos): PhotoSet {
  const { numbers, ...unknown } = others as Pick<PhotoSet, 'numbers'>
  refuseOthers('photoSet', unknown, ['images', 'labels', 'height', 'width', 'channels'])
  const set: PhotoSet = {
    images: bytesOf(images),
    labels: classesOf(labels),
    ...(numbers && { numbers }),
    height,
    width,
    channels,
  }
  checkSizes(set)
  return set
}

function bytesOf(images: Photos['images']): Uint8Array<ArrayBuffer> {
  if (images instanceof Uint8Array || images instanceof Uint8ClampedArray) {
    const { buffer, byteOffset, length } = images
    return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, length) : Uint8Array.from(images)
  }
  if (images instanceof Float32Array || images instanceof Float64Array) return bytesOfFloats(images)
  const type = Object.prototype.toString.call(images).slice('[object '.length, -1)
  throw new CoreError(
    'bad-data',
    `The pixels are of type ${type}.`,
    'Give a Uint8Array of bytes in 0..255, or a Float32Array of floats in 0..1.',
  )
}

function bytesOfFloats(images: Float32Array | Float64Array): Uint8Array<ArrayBuffer> {
  const wrong = images.findIndex(value => !(value >= 0 && value <= 1))
  if (wrong >= 0) {
    throw new CoreError(
      'bad-data',
      `Pixel ${wrong} is ${images[wrong]}, but pixels given as floats lie in 0..1.`,
      'Divide by 255 what lies in 0..255, or give it as a Uint8Array; do not subtract the mean, the model does.',
    )
  }
  return Uint8Array.from(images, value => Math.round(value * 255))
}

function classesOf(labels: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!
    if (Number.isInteger(label) && label >= 0 && label < 2 ** 32) continue
    throw new CoreError(
      'bad-data',
      `The label of row ${row} is ${label}.`,
      'Give each row the number of its class, a whole number from 0.',
    )
  }
  return Uint32Array.from(labels)
}
