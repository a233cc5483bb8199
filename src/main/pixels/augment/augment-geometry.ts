// The geometric part of an augmentation as one affine map from output to source, and the warp that applies it.
// Positions are fractions of the picture, -0.5 to 0.5 from its centre, so one map serves every size. Beyond the edge
// the picture is mirrored.

import type { DrawnAugmentation } from './augment-draw.ts'
import type { Raster } from '../resize/resample.ts'

/** source x = xx x + xy y + x0, source y = yx x + yy y + y0. */
export interface Affine {
  readonly xx: number
  readonly xy: number
  readonly x0: number
  readonly yx: number
  readonly yy: number
  readonly y0: number
}

export const identity: Affine = { xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 }

/** Where each place of the output comes from: crop, then flips, scale, rotation and shift. `aspect` is width / height.
 */
export function geometryOf(drawn: DrawnAugmentation, aspect: number): Affine {
  const maps: Affine[] = []
  const { crop, rotate, shift, scale } = drawn
  if (crop) {
    const side = Math.sqrt(crop.area)
    maps.push({ ...identity, xx: side, yy: side, x0: (crop.x - 0.5) * (1 - side), y0: (crop.y - 0.5) * (1 - side) })
  }
  if (drawn.flipHorizontal) maps.push({ ...identity, xx: -1 })
  if (drawn.flipVertical) maps.push({ ...identity, yy: -1 })
  if (scale) maps.push({ ...identity, xx: 1 / scale, yy: 1 / scale })
  if (rotate) {
    const radians = (rotate * Math.PI) / 180
    const cos = Math.cos(radians),
      sin = Math.sin(radians)
    // Turning is rigid in pixels, not in fractions of unequal sides.
    maps.push({ xx: cos, xy: sin / aspect, x0: 0, yx: -sin * aspect, yy: cos, y0: 0 })
  }
  if (shift) maps.push({ ...identity, x0: -shift.x, y0: -shift.y })
  return maps.reduce(after, identity)
}

/** The map that applies `inner` first and then `outer`. */
function after(outer: Affine, inner: Affine): Affine {
  return {
    xx: outer.xx * inner.xx + outer.xy * inner.yx,
    xy: outer.xx * inner.xy + outer.xy * inner.yy,
    x0: outer.xx * inner.x0 + outer.xy * inner.y0 + outer.x0,
    yx: outer.yx * inner.xx + outer.yy * inner.yx,
    yy: outer.yx * inner.xy + outer.yy * inner.yy,
    y0: outer.yx * inner.x0 + outer.yy * inner.y0 + outer.y0,
  }
}

/** The picture under the map, the same size, bilinear. The identity shares the source's bytes. */
export function warp(source: Raster, map: Affine): Raster {
  if (map === identity) return source
  const { width, height, channels, data } = source
  const out = new Uint8Array(data.length)
  for (let y = 0; y < height; y++) {
    const v = (y + 0.5) / height - 0.5
    for (let x = 0; x < width; x++) {
      const u = (x + 0.5) / width - 0.5
      const fromX = (map.xx * u + map.xy * v + map.x0 + 0.5) * width - 0.5
      const fromY = (map.yx * u + map.yy * v + map.y0 + 0.5) * height - 0.5
      blend(data, out, (y * width + x) * channels, fromX, fromY, width, height, channels)
    }
  }
  return { width, height, channels, data: out }
}

function blend(
  data: Uint8Array,
  out: Uint8Array,
  to: number,
  x: number,
  y: number,
  width: number,
  height: number,
  channels: number,
): void {
  const left = Math.floor(x),
    top = Math.floor(y)
  const right = x - left,
    down = y - top
  const x0 = mirrored(left, width) * channels,
    x1 = mirrored(left + 1, width) * channels
  const y0 = mirrored(top, height) * width * channels,
    y1 = mirrored(top + 1, height) * width * channels
  for (let c = 0; c < channels; c++) {
    const upper = data[y0 + x0 + c]! * (1 - right) + data[y0 + x1 + c]! * right
    const lower = data[y1 + x0 + c]! * (1 - right) + data[y1 + x1 + c]! * right
    out[to + c] = Math.round(upper * (1 - down) + lower * down)
  }
}

/** A position kept inside 0..length - 1 by mirrors that stand at the edges, so the outermost pixel comes twice. */
function mirrored(position: number, length: number): number {
  const turn = ((position % (2 * length)) + 2 * length) % (2 * length)
  return turn < length ? turn : 2 * length - 1 - turn
}
