// How sharp a photo is, at its own scale. Detail of two pixels against detail of eight: in photos the two are of one
// order, and any blur takes the finer away. Measured in sixteen fields, of which the second sharpest counts, so that a
// sharp subject before a soft ground is sharp. Chosen and measured on real photos: docs/benchmarks.md.

import type { Raster } from '../resize/resample.ts'

const FIELDS = 4
const FINE = 1
const COARSE = 3
/** Mean squares below which a field shows nothing, and of the noise that every photo has. */
const NOTHING = 1
const NOISE = 2

/** 0 (all soft) to 1, of a grey photo; null where it is too small to tell or shows nothing anywhere. */
export function scoreFineDetail(grey: Raster): number | null {
  if (Math.min(grey.width, grey.height) < FIELDS << (COARSE + 1)) return null
  const levels = detailLevels(grey)
  const ratios = levels[FINE]!.flatMap((fine, field) => {
    const coarse = levels[COARSE]![field]!
    return coarse < NOTHING ? [] : [(fine + NOISE) / (coarse + NOISE * 8)]
  }).sort((a, b) => b - a)
  const second = ratios[1] ?? ratios[0]
  return second === undefined ? null : Math.min(1, second)
}

/** Mean square of the differences between neighbours, in each field, of the photo and of its halves. */
function detailLevels(grey: Raster): number[][] {
  const levels: number[][] = []
  let { width, height } = grey
  let data: Uint8Array | Float32Array = grey.data
  for (let level = 0; level <= COARSE; level++) {
    const half = { width: width >> 1, height: height >> 1, data: new Float32Array((width >> 1) * (height >> 1)) }
    levels.push(halve(data, width, half))
    ;({ width, height, data } = half)
  }
  return levels
}

interface HalfSize {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** Fills in the half and answers its detail by field. */
function halve(data: Uint8Array | Float32Array, width: number, half: HalfSize): number[] {
  const sums = new Float64Array(FIELDS * FIELDS)
  const counts = new Float64Array(FIELDS * FIELDS)
  for (let y = 0; y < half.height; y++) {
    const down = Math.floor((y * FIELDS) / half.height) * FIELDS
    for (let x = 0; x < half.width; x++) {
      const at = 2 * y * width + 2 * x
      const a = data[at]!,
        b = data[at + 1]!,
        c = data[at + width]!,
        d = data[at + width + 1]!
      const field = down + Math.floor((x * FIELDS) / half.width)
      half.data[y * half.width + x] = (a + b + c + d) / 4
      sums[field]! += ((a - b) ** 2 + (c - d) ** 2 + (a - c) ** 2 + (b - d) ** 2) / 4
      counts[field]!++
    }
  }
  return Array.from(sums, (sum, field) => sum / counts[field]!)
}

const ROWS = 512

/** How much of a photo's size is its own: second differences against first ones along its rows. An enlarged copy has
 *  smoother rows than the original; about 0.5 to 2.5. */
export function ownDetail({ width, height, data }: Raster): number {
  let first = width,
    second = width
  const step = Math.max(1, Math.floor(height / ROWS))
  for (let y = 0; y < height; y += step) {
    // Green, which stands for brightness and is the least compressed.
    for (let at = y * width * 3 + 7; at < (y + 1) * width * 3; at += 3) {
      const here = data[at]!,
        before = data[at - 3]!
      first += (here - before) ** 2
      second += (here - 2 * before + data[at - 6]!) ** 2
    }
  }
  return second / first
}
