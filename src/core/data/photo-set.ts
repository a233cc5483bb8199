// The photos of a run in memory: equal squares of bytes, one after the other, with a class each. Core knows no files.

import { CoreError } from '../error.ts'

/** Photos ready for the device: bytes in rows, one class a row. `photoSet` makes one of pixels and labels of other
 *  types. */
export interface PhotoSet {
  /** [rows, height, width, channels] in 0..255. */
  readonly images: Uint8Array<ArrayBuffer>
  /** Class of each row. */
  readonly labels: Uint32Array<ArrayBuffer>
  /** A number of each row's photo for its random changes, the same in every set. Default: its row. */
  readonly numbers?: Uint32Array<ArrayBuffer>
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Throws CoreError 'bad-data' with the first row that is wrong. */
export function checkPhotoSet(set: PhotoSet, classes: number): void {
  checkSizes(set)
  const { labels } = set
  const wrong = labels.findIndex(label => label >= classes)
  if (wrong >= 0) {
    throw new CoreError(
      'bad-data',
      `Row ${wrong} has class ${labels[wrong]} but there are only ${classes} classes.`,
      'Give each photo one of the classes of the model.',
    )
  }
}

/** Throws CoreError 'bad-data' where there are not as many pixels or numbers as the set says it has. */
export function checkSizes({ images, labels, numbers, height, width, channels }: PhotoSet): void {
  checkType('pixels', images, 'Uint8Array', 'bytes in 0..255')
  checkType('labels', labels, 'Uint32Array', 'classes')
  const expected = labels.length * height * width * channels
  if (images.length !== expected) {
    throw new CoreError(
      'bad-data',
      `${labels.length} photos of ${height} x ${width} x ${channels} take ${expected} bytes but there are ${images.length}.`,
      'Prepare the pixels again.',
    )
  }
  if (numbers && numbers.length !== labels.length)
    throw new CoreError(
      'bad-data',
      `There are ${labels.length} photos but ${numbers.length} numbers of photos.`,
      'Give each photo one, or none at all.',
    )
}

/** For callers without types: throws CoreError 'bad-data' where values lie in another array, which would be read as
 *  something else. */
export function checkType(
  name: string,
  array: ArrayBufferView,
  type: 'Uint8Array' | 'Uint32Array',
  holding: string,
): void {
  const found = Object.prototype.toString.call(array).slice('[object '.length, -1)
  if (found === type) return
  throw new CoreError(
    'bad-data',
    `The ${name} are of type ${found}, not a ${type} of ${holding}.`,
    holding === 'rows'
      ? 'Give Uint32Array.from(rows).'
      : `Give a ${type}; photoSet makes it of pixels as bytes or as floats in 0..1, and of labels in any list.`,
  )
}

/** Throws CoreError 'bad-data' naming `what` where a row is none of the `count` photos. */
export function checkRows(what: string, rows: Uint32Array, count: number): void {
  checkType(what, rows, 'Uint32Array', 'rows')
  const wrong = rows.find(row => row >= count)
  if (wrong === undefined) return
  throw new CoreError(
    'bad-data',
    `${what} holds row ${wrong} but there are only ${count} photos.`,
    count > 0 ? `Give rows from 0 to ${count - 1}.` : 'Give some photos.',
  )
}

/** Mean and standard deviation by channel in 0..1 over at most 2,000 of the rows, evenly picked. */
export function pixelStatistics(
  set: PhotoSet,
  rows: ArrayLike<number>,
): { readonly mean: number[]; readonly std: number[] } {
  const { images, channels } = set
  const rowBytes = set.height * set.width * channels
  const sums = new Float64Array(channels)
  const squares = new Float64Array(channels)
  const stride = Math.max(1, Math.floor(rows.length / 2000))
  let pixels = 0
  for (let r = 0; r < rows.length; r += stride) {
    const first = rows[r]! * rowBytes
    for (let i = 0; i < rowBytes; i++) {
      const value = images[first + i]! / 255
      sums[i % channels]! += value
      squares[i % channels]! += value * value
    }
    pixels += rowBytes / channels
  }
  const mean = [...sums].map(sum => sum / pixels)
  return { mean, std: mean.map((m, c) => Math.max(0.01, Math.sqrt(Math.max(0, squares[c]! / pixels - m * m)))) }
}
