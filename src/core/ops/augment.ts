// The random changes of a photo in plain TypeScript: what shaders/gather-batch.wgsl draws, place by place. Every number follows from
// (seed, epoch, position), so a resume, a preview and another device see the same photos.

import type { StepValues } from '../gpu/step.ts'
import { philox, unit } from '../tensor/philox.ts'

export type Letters = Readonly<Record<string, number>>

/** A photo of the batch as the net sees it: value of output place (h, v, c), normalised, without the mixing. */
export type Look = (h: number, v: number, c: number) => number

const around = (bits: number) => 2 * unit(bits) - 1

function draws({ STREAM }: Letters, { seed, epoch }: StepValues, position: number, block: number) {
  return philox(position, block, epoch, 0, seed, STREAM!)
}

export function lookAt(images: Uint8Array, row: number, position: number, letters: Letters, step: StepValues): Look {
  const { H, W, C, AUGMENT } = letters as Record<string, number>
  const pixel: Look = (h, v, c) => images[((row * H! + clamped(h, H!)) * W! + clamped(v, W!)) * C! + c]!
  const normalised = (value: number, c: number) => value * letters[`SCALE_${c}`]! + letters[`OFFSET_${c}`]!
  if (!AUGMENT) return (h, v, c) => normalised(pixel(h, v, c), c)
  const moved = movedPhoto(pixel, letters, step, position)
  const coloured = recoloured(moved, letters, draws(letters, step, position, 1))
  const cut = draws(letters, step, position, 3)
  return (h, v, c) => (isCutOut(letters, cut, h, v) ? 0 : normalised(noisy(coloured(h, v, c), letters, step, position, (h * W! + v) * C! + c), c))
}

const clamped = (place: number, length: number) => Math.min(length - 1, Math.max(0, place))

/** Mirrored and moved by whole pixels; where asked also turned, zoomed and cropped, between pixels. */
function movedPhoto(pixel: Look, letters: Letters, step: StepValues, position: number): Look {
  const { H, W, FLIP, SHIFT, TURNS, ANGLE, CROP, LOG_ZOOM } = letters as Record<string, number>
  const first = draws(letters, step, position, 0)
  const mirror = FLIP === 1 && (first[0] & 1) === 1
  const across = (v: number) => (mirror ? W! - 1 - v : v) + (first[1] % (2 * SHIFT! + 1)) - SHIFT!
  const down = (h: number) => h + (first[2] % (2 * SHIFT! + 1)) - SHIFT!
  if (!TURNS) return (h, v, c) => pixel(down(h), across(v), c)
  const [second, third] = [draws(letters, step, position, 1), draws(letters, step, position, 2)]
  const angle = ANGLE! * around(first[3])
  const cropped = CROP! * unit(third[0])
  const zoom = Math.exp(LOG_ZOOM! * around(second[0])) * (1 - cropped)
  const [middleY, middleX] = [(H! - 1) / 2, (W! - 1) / 2]
  const [offsetY, offsetX] = [0.5 * cropped * H! * around(third[1]), 0.5 * cropped * W! * around(third[2])]
  return (h, v, c) => {
    const [y, x] = [down(h) - middleY, across(v) - middleX]
    const sourceY = (Math.cos(angle) * y - Math.sin(angle) * x) * zoom + middleY + offsetY
    const sourceX = (Math.sin(angle) * y + Math.cos(angle) * x) * zoom + middleX + offsetX
    return betweenPixels(pixel, sourceY, sourceX, c)
  }
}

function betweenPixels(pixel: Look, y: number, x: number, c: number): number {
  const [top, left] = [Math.floor(y), Math.floor(x)]
  const mix = (a: number, b: number, t: number) => a * (1 - t) + b * t
  const upper = mix(pixel(top, left, c), pixel(top, left + 1, c), x - left)
  return mix(upper, mix(pixel(top + 1, left, c), pixel(top + 1, left + 1, c), x - left), y - top)
}

function recoloured(moved: Look, { C, COLOURS, BRIGHTNESS, CONTRAST, SATURATION }: Letters, bits: readonly number[]): Look {
  if (!COLOURS) return moved
  const [, light, contrast, saturation] = bits.map(around) as [number, number, number, number]
  return (h, v, c) => {
    let value = moved(h, v, c)
    if (C === 3) {
      const grey = 0.299 * moved(h, v, 0) + 0.587 * moved(h, v, 1) + 0.114 * moved(h, v, 2)
      value = grey + (value - grey) * (1 + SATURATION! * saturation)
    }
    return (value - 127.5) * (1 + CONTRAST! * contrast) + 127.5 + 255 * BRIGHTNESS! * light
  }
}

function noisy(value: number, { COLOURS, NOISE, STREAM }: Letters, { seed, epoch }: StepValues, position: number, place: number): number {
  if (!NOISE) return COLOURS ? Math.min(255, Math.max(0, value)) : value
  const bits = philox(place, position + 16, epoch, 1, seed, STREAM!)
  const noise = Math.sqrt(-2 * Math.log(1 - unit(bits[0]))) * Math.cos(2 * Math.PI * unit(bits[1]))
  return Math.min(255, Math.max(0, value + 255 * NOISE * noise))
}

function isCutOut({ H, W, CUTOUT }: Letters, bits: readonly number[], h: number, v: number): boolean {
  const inside = (place: number, centre: number) => {
    const from = place - centre + Math.floor(CUTOUT! / 2)
    return from >= 0 && from < CUTOUT!
  }
  return CUTOUT! > 0 && inside(h, bits[0]! % H!) && inside(v, bits[1]! % W!)
}

export interface Mix {
  /** Position of the other photo, and the own share of the label. */
  readonly other: number
  readonly share: number
  /** The own share of the pixel at (h, v): 0 or 1 inside a pasted rectangle's photo, `share` everywhere in a blend. */
  readonly at: (h: number, v: number) => number
}

/** How the photo at `position` is mixed with another of its batch. */
export function mixOf(letters: Letters, step: StepValues, position: number): Mix {
  const { H, W, AUGMENT, MIXUP, CUTMIX } = letters as Record<string, number>
  if (!AUGMENT || (!MIXUP && !CUTMIX) || step.batchCount < 2) return { other: position, share: 1, at: () => 1 }
  const [fifth, sixth] = [draws(letters, step, position, 4), draws(letters, step, position, 5)]
  const other = step.batchStart + ((position - step.batchStart + 1 + (fifth[0] % (step.batchCount - 1))) % step.batchCount)
  if (CUTMIX !== 1 || (MIXUP! > 0 && (fifth[1] & 1) === 0)) {
    const share = 1 - MIXUP! * unit(sixth[2])
    return { other, share, at: () => share }
  }
  const [tall, wide] = [fifth[2] % (Math.floor(H! / 2) + 1), fifth[3] % (Math.floor(W! / 2) + 1)]
  const [top, left] = [sixth[0] % (H! - tall + 1), sixth[1] % (W! - wide + 1)]
  return { other, share: 1 - (tall * wide) / (H! * W!), at: (h, v) => (h >= top && h < top + tall && v >= left && v < left + wide ? 0 : 1) }
}
