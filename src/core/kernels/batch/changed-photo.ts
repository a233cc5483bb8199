// A photo of the batch as the net sees it, in plain TypeScript: what shaders/batch/gather-batch.wgsl does to each pixel, by
// the table of draw-changes.ts.

import type { Dims, ReadBytes } from '../kernel.ts'
import { philox, unit } from '../philox.ts'

type PhotoNumbers = ArrayLike<number>

/** Size and channels of a photo, what its channels are normalised with, and the stream of its random numbers. */
export type PhotoDims = Dims<'H' | 'W' | 'C' | 'STREAM' | `${'SCALE' | 'OFFSET'}_${0 | 1 | 2 | 3}`>

/** Writes the normalised values [H W C] of row `row`, changed by its 32 numbers of the table, or as it is without them.
 */
export function writeChanged(
  images: ReadBytes,
  row: number,
  change: PhotoNumbers | undefined,
  dims: PhotoDims,
  out: Float32Array,
): void {
  const { H, W, C } = dims
  const [scales, offsets] = [
    [dims.SCALE_0, dims.SCALE_1, dims.SCALE_2, dims.SCALE_3],
    [dims.OFFSET_0, dims.OFFSET_1, dims.OFFSET_2, dims.OFFSET_3],
  ]
  const photo = images.subarray(row * H * W * C, (row + 1) * H * W * C)
  const pixel = new Float64Array(C)
  for (let h = 0, to = 0; h < H; h++) {
    for (let v = 0; v < W; v++, to += C) {
      if (change) changedPixel(photo, change, h, v, dims, pixel)
      else for (let c = 0; c < C; c++) pixel[c] = photo[to + c]!
      for (let c = 0; c < C; c++) out[to + c] = pixel[c]! * scales[c]! + offsets[c]!
    }
  }
}

function changedPixel(
  photo: Uint8Array,
  change: PhotoNumbers,
  h: number,
  v: number,
  { H, W, C, STREAM }: PhotoDims,
  pixel: Float64Array,
): void {
  if (v >= change[20]! && v < change[22]! && h >= change[21]! && h < change[23]!) {
    pixel.fill(128)
    return
  }
  sample(
    photo,
    change[0]! * v + change[1]! * h + change[2]!,
    change[3]! * v + change[4]! * h + change[5]!,
    H,
    W,
    C,
    pixel,
  )
  recolour(change, pixel)
  if (change[18]! > 0)
    for (let c = 0; c < C; c++)
      pixel[c] = clamped(pixel[c]! + change[18]! * gaussian((h * W + v) * C + c, change[19]!, STREAM))
}

/** Between pixels; beyond the edge the photo is mirrored, its outermost pixel coming twice. */
function sample(photo: Uint8Array, x: number, y: number, H: number, W: number, C: number, pixel: Float64Array): void {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [right, down] = [x - left, y - top]
  const [x0, x1] = [mirrored(left, W) * C, mirrored(left + 1, W) * C]
  const [y0, y1] = [mirrored(top, H) * W * C, mirrored(top + 1, H) * W * C]
  for (let c = 0; c < C; c++) {
    const upper = photo[y0 + x0 + c]! * (1 - right) + photo[y0 + x1 + c]! * right
    const lower = photo[y1 + x0 + c]! * (1 - right) + photo[y1 + x1 + c]! * right
    pixel[c] = upper * (1 - down) + lower * down
  }
}

function mirrored(position: number, length: number): number {
  const turn = ((position % (2 * length)) + 2 * length) % (2 * length)
  return turn < length ? turn : 2 * length - 1 - turn
}

function recolour(change: PhotoNumbers, pixel: Float64Array): void {
  if (pixel.length !== 3) {
    for (let c = 0; c < pixel.length; c++) pixel[c] = clamped(change[6]! * pixel[c]! + change[9]!)
    return
  }
  const [red, green, blue] = pixel as unknown as [number, number, number]
  for (let c = 0; c < 3; c++) {
    const row = 6 + 4 * c
    pixel[c] = clamped(change[row]! * red + change[row + 1]! * green + change[row + 2]! * blue + change[row + 3]!)
  }
}

/** The noise of value i of a photo: Box and Muller, two values from each pair of numbers. */
function gaussian(i: number, seed: number, stream: number): number {
  const bits = philox(i >>> 2, 0, 0, 0, seed, stream)
  const pair = i & 2
  const radius = Math.sqrt(-2 * Math.log(1 - unit(bits[pair]!)))
  const angle = 2 * Math.PI * unit(bits[pair + 1]!)
  return radius * ((i & 1) === 0 ? Math.cos(angle) : Math.sin(angle))
}

function clamped(value: number): number {
  return Math.min(255, Math.max(0, value))
}
