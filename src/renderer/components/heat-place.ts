// Which part of a heat map lies over a photo. The map has the square that the net saw; the photo has its own shape. Pure.

import type { FitName } from '../../contract/records.ts'

export interface Sides {
  readonly width: number
  readonly height: number
}

/** `sides` is the photo with its longer side at `size`; `part` the part of the map, [size, size], that is drawn over all of it. */
export function heatPlace(size: number, shape: Sides, fit: FitName = 'squash'): { readonly sides: Sides; readonly part: Sides & { readonly left: number; readonly top: number } } {
  const scale = size / Math.max(shape.width, shape.height)
  const sides = { width: Math.max(1, Math.round(shape.width * scale)), height: Math.max(1, Math.round(shape.height * scale)) }
  const part = fit === 'letterbox' ? { ...sides, left: (size - sides.width) >> 1, top: (size - sides.height) >> 1 } : { width: size, height: size, left: 0, top: 0 }
  return { sides, part }
}
