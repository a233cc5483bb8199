// Sizes that are odd among a set: photos so small that a net sees them enlarged; and cleanvision's rule over
// sqrt(width x height) of all photos, for those who compare.

import { usualNetSize } from '../../common/net-size.ts'
import { percentileOfSorted } from './statistics.ts'

export interface PhotoSize {
  readonly width: number
  readonly height: number
}

export interface OddSizes {
  /** One score a photo, 0 (odd) to 1 (usual). */
  readonly scores: Float64Array
  /** A photo is odd where its score is below this. */
  readonly threshold: number
}

/** The size at which a net will see such photos, and of each the share of it that its long side has, at most 1: a larger
 *  photo is made smaller, which takes nothing from it that the net would see. */
export function tooSmall(photos: readonly PhotoSize[], limit = 0.5): OddSizes & { readonly netSize: number } {
  const sides = Float64Array.from(photos, photo => Math.max(photo.width, photo.height))
  const netSize = usualNetSize(sides.toSorted()[sides.length >> 1] ?? 0)
  return { netSize, scores: sides.map(side => Math.min(1, side / netSize)), threshold: limit }
}

const WHISKER = 3

/** Cleanvision's: every photo's size against the middle half of the set widened by three times its spread. The limit is 1
 *  where the middle half of the photos has one size. */
export function oddSizes(photos: readonly PhotoSize[], limit = 0.5): OddSizes {
  const sides = Float64Array.from(photos, photo => Math.sqrt(photo.width) * Math.sqrt(photo.height))
  if (sides.length === 0) return { scores: sides, threshold: limit }
  const sorted = sides.toSorted()
  const first = percentileOfSorted(sorted, 25),
    third = percentileOfSorted(sorted, 75)
  const low = first - WHISKER * (third - first),
    high = third + WHISKER * (third - first)
  const middle = (low + high) / 2
  const unit = high > low ? high - low : middle
  return {
    scores: sides.map(side => 1 - Math.min(1, Math.abs(side - middle) / unit)),
    threshold: high > low ? limit : 1,
  }
}
