// Odd size is a property of a photo among its set: cleanvision's rule over sqrt(width x height) of all photos.

import { percentileOfSorted } from './statistics.ts'

export interface OddSizes {
  /** One score a photo, 0 (far from the rest) to 1 (in the middle). */
  readonly scores: Float64Array
  /** A photo is odd where its score is below this: the limit, or 1 where the middle half of the photos has one size. */
  readonly threshold: number
}

const WHISKER = 3

/** Scores every photo's size against the middle half of the set widened by three times its spread. */
export function oddSizes(
  photos: readonly { readonly width: number; readonly height: number }[],
  limit = 0.5,
): OddSizes {
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
