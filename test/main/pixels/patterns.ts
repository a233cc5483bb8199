// Pictures that golden.py makes too, byte for byte.

import type { Raster } from '../../../src/main/pixels/resize/resample.ts'

type Sample = (x: number, y: number, c: number, width: number, height: number) => number

const patterns: Readonly<Record<string, Sample>> = {
  busy: (x, y, c) => x * 7 + y * 13 + c * 29 + ((x * y) % 31) * 5 + ((x * x + 3 * y * y) % 97),
  ramp: (x, _y, _c, width) => Math.floor((x * 255) / Math.max(1, width - 1)),
  colours: (x, y, c, width, height) =>
    c === 0
      ? Math.floor((x * 255) / Math.max(1, width - 1))
      : c === 1
        ? Math.floor((y * 255) / Math.max(1, height - 1))
        : 60,
  checks: (x, y) => ((Math.floor(x / 8) + Math.floor(y / 8)) % 2) * 255,
  black: () => 0,
  white: () => 255,
  grey: () => 128,
  dim: (x, y, c) => (x * 5 + y * 3 + c * 7) % 70,
  pale: (x, y, c) => 250 + ((x + y + c) % 6),
  blob: (x, y, _c, width, height) =>
    Math.max(0, 255 - Math.floor(((x - Math.floor(width / 2)) ** 2 + (y - Math.floor(height / 2)) ** 2) / 40)),
}

/** An RGB raster of a named pattern. */
export function pattern(name: string, width: number, height: number): Raster {
  return draw(width, height, (x, y, c) => patterns[name]!(x, y, c, width, height))
}

/** An RGB raster from a function of position and channel; values wrap at 256. */
export function draw(width: number, height: number, sample: (x: number, y: number, c: number) => number): Raster {
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3)
    data[i] = sample(pixel % width, Math.floor(pixel / width), i % 3) & 255
  }
  return { width, height, channels: 3, data }
}
