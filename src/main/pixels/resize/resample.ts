// Resizing in plain TypeScript, bit for bit what Pillow's Image.resize gives for 8-bit images: antialiased separable
// filters, horizontal pass first, 22-bit fixed-point weights, each pass rounded to 8 bits. Training pixels, the
// perceptual hash and the blur score are defined by it, so a model's input can be made again in one line of Python and
// never changes with a library's version.

/** Interleaved 8-bit samples: height x width x channels. */
export interface Raster {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly data: Uint8Array
}

export interface ResampleFilter {
  /** Half the filter's width in source pixels at scale 1. */
  readonly support: number
  readonly weight: (x: number) => number
}

/** Pillow's BILINEAR: a triangle. */
export const bilinear: ResampleFilter = { support: 1, weight: x => Math.max(0, 1 - Math.abs(x)) }

/** Pillow's BICUBIC: Keys' cubic with a = -0.5. */
export const bicubic: ResampleFilter = {
  support: 2,
  weight: x => {
    const d = Math.abs(x)
    if (d < 1) return (1.5 * d - 2.5) * d * d + 1
    return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0
  },
}

/** Pillow's LANCZOS: a sinc windowed to three lobes. */
export const lanczos: ResampleFilter = { support: 3, weight: x => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) }

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI)
}

const PRECISION_BITS = 22
const HALF = 1 << (PRECISION_BITS - 1)

/** Fixed-point weights of one axis: output o sums `counts[o]` source samples from `starts[o]`, weights at o * stride.
 */
interface FilterWeights {
  readonly starts: Int32Array
  readonly counts: Int32Array
  readonly values: Int32Array
  readonly stride: number
}

function weightsFor(source: number, target: number, filter: ResampleFilter): FilterWeights {
  const scale = source / target
  const filterScale = Math.max(1, scale)
  const support = filter.support * filterScale
  const stride = Math.ceil(support) * 2 + 1
  const starts = new Int32Array(target)
  const counts = new Int32Array(target)
  const values = new Int32Array(target * stride)
  for (let o = 0; o < target; o++) {
    const centre = (o + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - support + 0.5))
    const count = Math.min(source, Math.trunc(centre + support + 0.5)) - first
    const weights = Array.from({ length: count }, (_, i) => filter.weight((i + first - centre + 0.5) / filterScale))
    const sum = weights.reduce((total, weight) => total + weight, 0)
    starts[o] = first
    counts[o] = count
    for (let i = 0; i < count; i++) values[o * stride + i] = fixedPoint(weights[i]! / (sum || 1))
  }
  return { starts, counts, values, stride }
}

function fixedPoint(weight: number): number {
  return Math.trunc(weight * (1 << PRECISION_BITS) + (weight < 0 ? -0.5 : 0.5))
}

/** Resizes to exactly width x height (the shape is squashed where it differs). Equal sizes share the source's bytes. */
export function resample(source: Raster, width: number, height: number, filter: ResampleFilter): Raster {
  const narrow = width === source.width ? source : resampleRows(source, width, filter)
  return height === source.height ? narrow : resampleColumns(narrow, height, filter)
}

function resampleRows(source: Raster, width: number, filter: ResampleFilter): Raster {
  const { height, channels } = source
  const weights = weightsFor(source.width, width, filter)
  const data = new Uint8Array(width * height * channels)
  if (channels === 1) rowsOfGrey(source, data, width, weights)
  else rowsOfColour(source, data, width, weights)
  return { width, height, channels, data }
}

/** Four rows at a time, which share each weight; the last block repeats the last row where the height is no multiple of
 *  four. */
function rowsOfGrey(
  source: Raster,
  out: Uint8Array,
  width: number,
  { starts, counts, values, stride }: FilterWeights,
): void {
  const { data } = source
  const last = source.height - 1
  for (let y = 0; y <= last; y += 4) {
    const second = Math.min(y + 1, last),
      third = Math.min(y + 2, last),
      fourth = Math.min(y + 3, last)
    const toSecond = (second - y) * source.width,
      toThird = (third - y) * source.width,
      toFourth = (fourth - y) * source.width
    for (let x = 0; x < width; x++) {
      let at = y * source.width + starts[x]!
      const end = x * stride + counts[x]!
      let a = HALF,
        b = HALF,
        c = HALF,
        d = HALF
      for (let i = x * stride; i < end; i++, at++) {
        const weight = values[i]!
        a = (a + Math.imul(data[at]!, weight)) | 0
        b = (b + Math.imul(data[at + toSecond]!, weight)) | 0
        c = (c + Math.imul(data[at + toThird]!, weight)) | 0
        d = (d + Math.imul(data[at + toFourth]!, weight)) | 0
      }
      out[y * width + x] = clip(a)
      out[second * width + x] = clip(b)
      out[third * width + x] = clip(c)
      out[fourth * width + x] = clip(d)
    }
  }
}

/** Two rows at a time, which share each weight; an odd last row is its own second. */
function rowsOfColour(
  source: Raster,
  out: Uint8Array,
  width: number,
  { starts, counts, values, stride }: FilterWeights,
): void {
  const { data } = source
  const last = source.height - 1
  for (let y = 0; y <= last; y += 2) {
    const second = Math.min(y + 1, last)
    const toSecond = (second - y) * source.width * 3
    for (let x = 0; x < width; x++) {
      let at = (y * source.width + starts[x]!) * 3
      const end = x * stride + counts[x]!
      let red = HALF,
        green = HALF,
        blue = HALF,
        red2 = HALF,
        green2 = HALF,
        blue2 = HALF
      for (let i = x * stride; i < end; i++, at += 3) {
        const weight = values[i]!
        red = (red + Math.imul(data[at]!, weight)) | 0
        green = (green + Math.imul(data[at + 1]!, weight)) | 0
        blue = (blue + Math.imul(data[at + 2]!, weight)) | 0
        red2 = (red2 + Math.imul(data[at + toSecond]!, weight)) | 0
        green2 = (green2 + Math.imul(data[at + toSecond + 1]!, weight)) | 0
        blue2 = (blue2 + Math.imul(data[at + toSecond + 2]!, weight)) | 0
      }
      const to = (y * width + x) * 3,
        to2 = (second * width + x) * 3
      out[to] = clip(red)
      out[to + 1] = clip(green)
      out[to + 2] = clip(blue)
      out[to2] = clip(red2)
      out[to2 + 1] = clip(green2)
      out[to2 + 2] = clip(blue2)
    }
  }
}

function resampleColumns(source: Raster, height: number, filter: ResampleFilter): Raster {
  const { width, channels, data } = source
  const { starts, counts, values, stride } = weightsFor(source.height, height, filter)
  const row = width * channels
  const out = new Uint8Array(row * height)
  const sums = new Int32Array(row)
  for (let y = 0; y < height; y++) {
    sums.fill(HALF)
    for (let i = 0; i < counts[y]!; i++) {
      const weight = values[y * stride + i]!
      const from = (starts[y]! + i) * row
      for (let x = 0; x < row; x++) sums[x] = sums[x]! + Math.imul(data[from + x]!, weight)
    }
    for (let x = 0; x < row; x++) out[y * row + x] = clip(sums[x]!)
  }
  return { width, height, channels, data: out }
}

function clip(sum: number): number {
  const value = sum >> PRECISION_BITS
  return value < 0 ? 0 : value > 255 ? 255 : value
}

/** Grey as Pillow's convert('L'): 0.299 R + 0.587 G + 0.114 B in 16-bit fixed point. A grey raster is returned as it
 *  is. */
export function toGrey(source: Raster): Raster {
  if (source.channels === 1) return source
  const { width, height, data } = source
  const grey = new Uint8Array(width * height)
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16
  }
  return { width, height, channels: 1, data: grey }
}
