// A photo in its own shape on a grey square, for nets that are to see things as long or as wide as they are.

import { letterboxPlace } from '../../../contract/letterbox.ts'
import { bilinear, resample, type Raster } from './resample.ts'

/** The grey of the bars: the middle of the range, so that they say as little as can be. */
const barGrey = 127

/** `raster` with its long side at `size`, in the middle of size x size. */
export function letterbox(raster: Raster, size: number): Raster {
  const { channels } = raster
  const { width, height, left, top } = letterboxPlace(raster, size)
  const { data: inner } = resample(raster, width, height, bilinear)
  if (width === height) return { width, height, channels, data: inner }
  const data = new Uint8Array(size * size * channels).fill(barGrey)
  for (let y = 0; y < height; y++)
    data.set(inner.subarray(y * width * channels, (y + 1) * width * channels), ((top + y) * size + left) * channels)
  return { width: size, height: size, channels, data }
}
