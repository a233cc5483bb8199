// The per-pixel part of an augmentation: brightness, contrast, saturation and hue as one 3 x 4 matrix, noise, and the
// cut-out square.

import { philox, streams, unit } from '../../../core/kernels/philox.ts'
import type { DrawnAugmentation } from './augment-draw.ts'
import type { Raster } from '../resize/resample.ts'

/** Three rows of [red, green, blue, offset] on values 0..255. */
type ColourMatrix = readonly (readonly [number, number, number, number])[]

const LUMA = [0.299, 0.587, 0.114] as const
const MIDDLE = 127.5

/** The picture with its colours changed; nothing drawn shares the source's bytes. Saturation and hue keep the grey of
 *  each pixel. */
export function recolour(source: Raster, drawn: DrawnAugmentation): Raster {
  const { brightness, contrast, saturation, hue } = drawn
  if (brightness === undefined && contrast === undefined && saturation === undefined && hue === undefined) return source
  const matrix = colourMatrix(brightness ?? 1, contrast ?? 1, saturation ?? 1, hue ?? 0)
  const { data } = source
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i += 3) {
    const red = data[i]!,
      green = data[i + 1]!,
      blue = data[i + 2]!
    for (let c = 0; c < 3; c++) {
      const row = matrix[c]!
      out[i + c] = toByte(row[0] * red + row[1] * green + row[2] * blue + row[3])
    }
  }
  return { ...source, data: out }
}

/** Hue, then saturation, about the pixel's grey; then brightness about black; then contrast about the middle. */
function colourMatrix(brightness: number, contrast: number, saturation: number, hue: number): ColourMatrix {
  const gain = brightness * contrast
  const offset = MIDDLE * (1 - contrast)
  return hueRows(hue).map(row => {
    const [red, green, blue] = row.map((value, i) => gain * (LUMA[i]! + saturation * (value - LUMA[i]!)))
    return [red!, green!, blue!, offset]
  })
}

/** Turns the plane of the colour differences R - Y and B - Y; grey stays grey and every pixel keeps its Y. */
function hueRows(degrees: number): readonly (readonly number[])[] {
  const cos = Math.cos((degrees * Math.PI) / 180),
    sin = Math.sin((degrees * Math.PI) / 180)
  const [r, g, b] = LUMA
  const fromRed = [1 - r, -g, -b],
    fromBlue = [-r, -g, 1 - b]
  const red = fromRed.map((value, i) => cos * value - sin * fromBlue[i]!)
  const blue = fromBlue.map((value, i) => cos * value + sin * fromRed[i]!)
  const green = red.map((value, i) => -(r * value + b * blue[i]!) / g)
  return [red, green, blue].map(row => row.map((value, i) => LUMA[i]! + value))
}

/** Gaussian noise, each value for itself, from the generator that counts: the same seed gives the same noise. */
export function addNoise(source: Raster, { sigma, seed }: NonNullable<DrawnAugmentation['noise']>): Raster {
  const out = Uint8Array.from(source.data)
  for (let i = 0; i < out.length; i += 4) {
    const [a, b, c, d] = philox(i >>> 2, 0, 0, 0, seed, streams.augment).map(unit) as [number, number, number, number]
    const noise = [...gaussianPair(a, b), ...gaussianPair(c, d)]
    for (let k = 0; k < 4 && i + k < out.length; k++) out[i + k] = toByte(out[i + k]! + noise[k]! * sigma * 255)
  }
  return { ...source, data: out }
}

/** Box and Muller. */
function gaussianPair(a: number, b: number): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - a))
  return [radius * Math.cos(2 * Math.PI * b), radius * Math.sin(2 * Math.PI * b)]
}

/** A grey rectangle, its sides the same fraction of the picture's. */
export function applyCutout(source: Raster, { side, x, y }: NonNullable<DrawnAugmentation['cutout']>): Raster {
  const { width, height, channels } = source
  const data = Uint8Array.from(source.data)
  const wide = Math.max(1, Math.round(side * width)),
    high = Math.max(1, Math.round(side * height))
  const left = Math.floor(x * (width - wide + 1)),
    top = Math.floor(y * (height - high + 1))
  for (let row = top; row < top + high; row++)
    data.fill(128, (row * width + left) * channels, (row * width + left + wide) * channels)
  return { ...source, data }
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value)
}
