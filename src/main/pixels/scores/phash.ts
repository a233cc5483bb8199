// 64-bit perceptual hash of a grey photo, the variant of Python's imagehash: Pillow's Lanczos to 32 x 32, DCT-II, the 8
// x 8 lowest frequencies, bit = coefficient above the median of all 64. Written as 16 hex digits, row by row, highest
// bit first. The hashes of the eight turned and mirrored copies follow from the same coefficients, because a mirror
// only flips signs.

import { lanczos, resample, type Raster } from '../resize/resample.ts'

const SIDE = 32
const KEPT = 8

/** cos(pi u (2x + 1) / 2N) for the kept u, row by row. */
const COSINES = Float64Array.from({ length: KEPT * SIDE }, (_, i) =>
  Math.cos((Math.PI * Math.floor(i / SIDE) * (2 * (i % SIDE) + 1)) / (2 * SIDE)),
)

/**
 * pHashes of the photo under the eight turns, in this order: as it is, mirrored left-right, mirrored top-bottom, turned
 * by 180 degrees, and the same four of its transpose. Two photos are turned duplicates where any of one's eight is near
 * the other's first.
 */
export function turnedHashes(grey: Raster): string[] {
  const upright = lowFrequencies(grey)
  const transposed = upright.map((_, i) => upright[(i % KEPT) * KEPT + Math.floor(i / KEPT)]!)
  return [upright, transposed]
    .flatMap(base => [
      base,
      base.map((value, i) => ((i % KEPT) % 2 ? -value : value)),
      base.map((value, i) => (Math.floor(i / KEPT) % 2 ? -value : value)),
      base.map((value, i) => (((i % KEPT) + Math.floor(i / KEPT)) % 2 ? -value : value)),
    ])
    .map(hashOf)
}

/** The 8 x 8 lowest DCT-II coefficients, vertical frequency by row. Rounded, so that what is 0 on paper is 0 here. */
function lowFrequencies(grey: Raster): Float64Array {
  const { data } = resample(grey, SIDE, SIDE, lanczos)
  const rows = new Float64Array(SIDE * KEPT)
  for (let y = 0; y < SIDE; y++) {
    for (let v = 0; v < KEPT; v++) rows[y * KEPT + v] = dot(x => data[y * SIDE + x]!, v)
  }
  return Float64Array.from(
    { length: KEPT * KEPT },
    (_, i) => Math.round(dot(y => rows[y * KEPT + (i % KEPT)]!, Math.floor(i / KEPT)) * 1e4) / 1e4,
  )
}

function dot(sample: (position: number) => number, frequency: number): number {
  let sum = 0
  for (let i = 0; i < SIDE; i++) sum += sample(i) * COSINES[frequency * SIDE + i]!
  return sum
}

function hashOf(coefficients: Float64Array): string {
  const sorted = coefficients.toSorted()
  const median = (sorted[(KEPT * KEPT) / 2 - 1]! + sorted[(KEPT * KEPT) / 2]!) / 2
  let hash = ''
  for (let i = 0; i < coefficients.length; i += 4) {
    let digit = 0
    for (let bit = 0; bit < 4; bit++) digit = digit * 2 + (coefficients[i + bit]! > median ? 1 : 0)
    hash += digit.toString(16)
  }
  return hash
}
