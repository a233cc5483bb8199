// A heat map laid over its photo, as a PNG: the photo greyed where nothing spoke for the class, yellow to red where
// much did.

import { encodePng } from '../formats/png.ts'

export interface HeatPicture {
  /** u8 [size, size, channels] */
  readonly pixels: Uint8Array
  readonly size: number
  readonly channels: number
  /** [size, size] in 0..1 */
  readonly heat: Float32Array
}

const leastSide = 320
const strongest = 0.7

/** At the smallest whole multiple of the photo's size that has 320 pixels a side. */
export function heatPicture({ pixels, size, channels, heat }: HeatPicture): Uint8Array {
  const scale = Math.ceil(leastSide / size)
  const side = size * scale
  const rgb = new Uint8Array(side * side * 3)
  for (let y = 0, to = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = Math.floor(y / scale) * size + Math.floor(x / scale)
      const colour = blend((c: number) => pixels[at * channels + Math.min(c, channels - 1)]!, heat[at]!)
      for (const value of colour) rgb[to++] = value
    }
  }
  return encodePng(side, side, rgb)
}

function blend(photo: (channel: number) => number, heat: number): number[] {
  const warm = [255, 230 * (1 - heat), 0]
  const grey = (photo(0) + photo(1) + photo(2)) / 3
  const share = strongest * heat
  return warm.map((colour, c) => Math.round((1 - share) * (heat * photo(c) + (1 - heat) * grey) + share * colour))
}
