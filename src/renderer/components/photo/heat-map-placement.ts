// Which part of a heat map lies over a photo. The map has the square that the net saw; the photo has its own shape.
// Pure.

import { letterboxPlace } from '../../../contract/letterbox.ts'
import type { LetterboxPlacement, Sides } from '../../../contract/letterbox.ts'
import type { FitName } from '../../../contract/records.ts'

/** `sides` is the photo with its longer side at `size`; `part` the part of the map, [size, size], that is drawn over
 *  all of it. */
export function heatMapPlacement(
  size: number,
  shape: Sides,
  fit: FitName = 'squash',
): { readonly sides: Sides; readonly part: LetterboxPlacement } {
  const inner = letterboxPlace(shape, size)
  return {
    sides: { width: inner.width, height: inner.height },
    part: fit === 'letterbox' ? inner : { width: size, height: size, left: 0, top: 0 },
  }
}
