// Large photos are first averaged in square blocks, bit for bit as Pillow's Image.reduce: one pass over the photo,
// after which scores, hashes, thumbnail and training pixels cost the same as for a small one. The factor is a whole
// number, so the rule stays exact.

import type { Raster } from './resample.ts'

/** The factor by which a photo is averaged before it is used at no more than a quarter of `side`: its long side stays
 *  at least `side`. */
export function blockFactor({ width, height }: Pick<Raster, 'width' | 'height'>, side: number): number {
  return Math.max(1, Math.floor(Math.max(width, height) / side))
}

/** Means of factor x factor blocks of an RGB raster; blocks at the right and lower edge may be smaller. Factor 1 shares
 *  the bytes. */
export function blockMean(source: Raster, factor: number): Raster {
  if (factor === 1) return source
  const width = Math.ceil(source.width / factor),
    height = Math.ceil(source.height / factor)
  const out = new Uint8Array(width * height * 3)
  const sums = new Uint32Array(width * 3)
  for (let y = 0; y < height; y++) {
    const rows = Math.min(factor, source.height - y * factor)
    sums.fill(0)
    for (let row = 0; row < rows; row++) addRow(source, y * factor + row, factor, sums)
    const whole = Math.floor(source.width / factor)
    divide(sums, out, y * width * 3, 0, whole, factor * rows)
    if (whole < width) divide(sums, out, y * width * 3, whole, width, (source.width - whole * factor) * rows)
  }
  return { width, height, channels: 3, data: out }
}

function addRow({ width, data }: Raster, y: number, factor: number, sums: Uint32Array): void {
  let at = y * width * 3
  const end = at + width * 3
  for (let o = 0; at < end; o += 3) {
    const stop = Math.min(end, at + factor * 3)
    let red = 0,
      green = 0,
      blue = 0
    for (; at < stop; at += 3) {
      red += data[at]!
      green += data[at + 1]!
      blue += data[at + 2]!
    }
    sums[o]! += red
    sums[o + 1]! += green
    sums[o + 2]! += blue
  }
}

/** Rounded division of sums of `count` bytes by one multiplication, as Pillow rounds. */
function divide(sums: Uint32Array, out: Uint8Array, to: number, from: number, until: number, count: number): void {
  const multiplier = Math.floor(2 ** 32 / (256 * count))
  const half = count >> 1
  for (let i = from * 3; i < until * 3; i++) out[to + i] = Math.imul(sums[i]! + half, multiplier) >>> 24
}
