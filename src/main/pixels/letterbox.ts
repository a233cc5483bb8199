// A photo in its own shape on a grey square, for nets that are to see things as long or as wide as they are.

import { bilinear, resample, type Raster } from './resample.ts'

/** The grey of the bars: the middle of the range, so that they say as little as can be. */
export const barGrey = 127

/** `raster` with its long side at `size`, in the middle of size x size; an odd row or column left over lies at the bottom or right. */
export function letterbox(raster: Raster, size: number): Raster {
  const { channels } = raster
  const long = Math.max(raster.width, raster.height)
  const width = sideOf(raster.width, size, long)
  const height = sideOf(raster.height, size, long)
  const { data: inner } = resample(raster, width, height, bilinear)
  if (width === height) return { width, height, channels, data: inner }
  const data = new Uint8Array(size * size * channels).fill(barGrey)
  const left = (size - width) >> 1
  const top = (size - height) >> 1
  for (let y = 0; y < height; y++) data.set(inner.subarray(y * width * channels, (y + 1) * width * channels), ((top + y) * size + left) * channels)
  return { width: size, height: size, channels, data }
}

function sideOf(side: number, size: number, long: number): number {
  return Math.max(1, Math.round((side * size) / long))
}
