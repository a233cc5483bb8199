// Colours on the white ground that lies under everything transparent.

export type Rgb = readonly [red: number, green: number, blue: number]

export const WHITE: Rgb = [255, 255, 255]

/** `alpha` 0 to 255. */
export function overWhite(colour: Rgb, alpha: number): Rgb {
  const [red, green, blue] = colour.map(value => Math.round((value * alpha + 255 * (255 - alpha)) / 255))
  return [red!, green!, blue!]
}

/** A raster's bytes, all white. */
export function whitePixels(width: number, height: number): Uint8Array {
  return new Uint8Array(width * height * 3).fill(255)
}
