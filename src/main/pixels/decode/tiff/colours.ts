// From the numbers of a TIFF to 8 bits a channel: which range they were meant to fill, palettes, Lab, white where a pixel
// is transparent. A range that had to be guessed is told.

import { PhotoError } from '../../reasons.ts'
import { photometrics, type TiffLayout } from './layout.ts'
import type { Numbers } from './samples.ts'

/** What is asked of a file's layout here. */
export type ColourLayout = Pick<
  TiffLayout,
  'samples' | 'colours' | 'bits' | 'numbers' | 'photometric' | 'alpha' | 'palette'
>

export interface NumberRange {
  readonly low: number
  readonly high: number
  /** How it was found where the file's kind of numbers does not tell. */
  readonly guessed: 'few-bits' | 'stretched' | null
}

export interface EightBits {
  readonly channels: 1 | 3 | 4
  readonly data: Uint8Array
  readonly range: NumberRange
}

/** Grey, RGB or CMYK of each pixel. */
export function toEightBits(numbers: Numbers, layout: ColourLayout): EightBits {
  const { photometric, colours, bits } = layout
  if (photometric === photometrics.palette) return withPalette(numbers, layout)
  if (photometric === photometrics.lab || photometric === photometrics.iccLab) return fromLab(numbers, layout)
  const range = rangeOf(extremes(numbers, layout), bits, layout.numbers)
  const data = scale(numbers, layout, range)
  if (photometric === photometrics.whiteIsZero) for (let i = 0; i < data.length; i++) data[i] = 255 - data[i]!
  const channels = colours as EightBits['channels']
  if (layout.alpha && channels !== 4) layOnWhite(data, numbers, layout, range)
  return { channels, data, range }
}

/** Smallest and largest colour, leaving out what is no number and what is infinite. */
function extremes(numbers: Numbers, { samples, colours }: ColourLayout): { low: number; high: number } {
  let low = Infinity,
    high = -Infinity
  for (let at = 0; at < numbers.length; at += samples) {
    for (let c = 0; c < colours; c++) {
      const value = numbers[at + c]!
      if (value < low && value !== -Infinity) low = value
      if (value > high && value !== Infinity) high = value
    }
  }
  return low <= high ? { low, high } : { low: 0, high: 0 }
}

/** Sizes of which the numbers of a photo use a part when a camera or microscope gave fewer bits than the file has. */
const fewerBits = [8, 10, 12]
/** With no number above this a photo is black, in whatever range. */
const DARKEST = 31
/** Beyond a float range a little is rounding and sharpening, not another range. */
const BEYOND = 0.05

/**
 * What black and white are. Whole numbers: their type's range; of more than 8 bits where no value is above 12 (10, 8) bits,
 * those; signed ones with no value below zero, the upper half. Floats: the first of 0..1, 0..255, 10 bits, 12 bits and 16
 * bits that holds them. Otherwise, from the smallest value to the largest.
 */
export function rangeOf(
  { low, high }: { readonly low: number; readonly high: number },
  bits: number,
  kind: TiffLayout['numbers'],
): NumberRange {
  const stretched: NumberRange = { low, high, guessed: 'stretched' }
  if (kind === 'float') return floatRange(low, high) ?? stretched
  if (kind === 'signed' && low < 0) {
    const whole = 2 ** bits
    return bits === 8 || high - low > whole / 4 ? { low: -whole / 2, high: whole / 2 - 1, guessed: null } : stretched
  }
  const usable = kind === 'signed' ? bits - 1 : bits
  if (usable > 32 && high > 65_535 && high < 2 ** (usable - 1)) return stretched
  const used =
    high > DARKEST && usable > 12 ? [...fewerBits, 16].find(few => few < usable && high < 2 ** few) : undefined
  return { low: 0, high: 2 ** (used ?? usable) - 1, guessed: used === undefined ? null : 'few-bits' }
}

/** Null where no usual range holds the values. One of four times the largest value or more is none for a photo. */
function floatRange(low: number, high: number): NumberRange | null {
  const top = [1, 255, 1023, 4095, 65_535].find(most => high <= most * (1 + BEYOND))
  if (top === undefined || low < -BEYOND * Math.max(high, 0) || (top === 65_535 && high < top / 4)) return null
  return { low: 0, high: top, guessed: top === 1023 || top === 4095 ? 'few-bits' : null }
}

function scale(numbers: Numbers, { samples, colours }: ColourLayout, { low, high }: NumberRange): Uint8Array {
  const data = new Uint8Array((numbers.length / samples) * colours)
  const factor = high > low ? 255 / (high - low) : 0
  for (let at = 0, to = 0; at < numbers.length; at += samples) {
    for (let c = 0; c < colours; c++) data[to++] = toByte((numbers[at + c]! - low) * factor)
  }
  return data
}

/** Rounded and held within a byte; what is no number is black. */
function toByte(value: number): number {
  return value > 0 ? Math.min(255, Math.round(value)) : 0
}

function layOnWhite(
  data: Uint8Array,
  numbers: Numbers,
  { samples, colours, alpha, numbers: kind, bits }: ColourLayout,
  range: NumberRange,
): void {
  const whole = 2 ** (kind === 'signed' ? bits - 1 : bits) - 1
  const opaque =
    kind === 'float' ? (range.guessed ? 1 : range.high) : opaqueOf(numbers, samples, alpha!.sample, range.high, whole)
  for (let pixel = 0; pixel * samples < numbers.length; pixel++) {
    const cover = Math.min(1, Math.max(0, numbers[pixel * samples + alpha!.sample]! / opaque))
    for (let at = pixel * colours; at < (pixel + 1) * colours; at++)
      data[at] = toByte((alpha!.multiplied ? data[at]! : data[at]! * cover) + 255 * (1 - cover))
  }
}

/** Alpha of a file of few bits may be of few bits too, or of all. */
function opaqueOf(numbers: Numbers, samples: number, alpha: number, few: number, whole: number): number {
  for (let at = alpha; at < numbers.length; at += samples) if (numbers[at]! > few) return whole
  return few
}

/** Colours of 16 bits, red ones first, then green, then blue; old writers left them at 8. */
function withPalette(numbers: Numbers, { samples, bits, palette }: ColourLayout): EightBits {
  const entries = palette.length / 3
  if (entries < 1) throw new PhotoError('unreadable', { why: 'its palette is missing' })
  const divisor = palette.every(value => value < 256) ? 1 : 257
  const data = new Uint8Array((numbers.length / samples) * 3)
  for (let at = 0, to = 0; at < numbers.length; at += samples) {
    for (let c = 0; c < 3; c++) data[to++] = Math.round((palette[c * entries + numbers[at]!] ?? 0) / divisor)
  }
  return { channels: 3, data, range: { low: 0, high: 2 ** bits - 1, guessed: null } }
}

/** White of the daylight D65, as ImageMagick takes it. */
const WHITE = [0.950456, 1, 1.088754] as const

/** Lab to sRGB. In CIE Lab a and b are signed; in ICC Lab they begin at -128. */
function fromLab(numbers: Numbers, { samples, photometric, bits, numbers: kind }: ColourLayout): EightBits {
  if (kind === 'float' || (bits !== 8 && bits !== 16))
    throw new PhotoError('unsupported', { format: `TIFF with Lab colours of ${bits} bits` })
  const icc = photometric === photometrics.iccLab
  const unit = 2 ** (bits - 8)
  const most = icc ? 255 * unit : 2 ** bits - 1
  const axis = (value: number): number => {
    if (icc) return value / unit - 128
    return (value >= 2 ** (bits - 1) ? value - 2 ** bits : value) / unit
  }
  const data = new Uint8Array((numbers.length / samples) * 3)
  for (let at = 0, to = 0; at < numbers.length; at += samples, to += 3) {
    const lightness = ((numbers[at]! & (2 ** bits - 1)) / most) * 100
    data.set(labToRgb(lightness, axis(numbers[at + 1]!), axis(numbers[at + 2]!)), to)
  }
  return { channels: 3, data, range: { low: 0, high: 2 ** bits - 1, guessed: null } }
}

function labToRgb(lightness: number, a: number, b: number): [number, number, number] {
  const y = (lightness + 16) / 116
  const cube = (value: number): number => (value ** 3 > 216 / 24_389 ? value ** 3 : (116 * value - 16) / (24_389 / 27))
  const [X, Y, Z] = [cube(y + a / 500) * WHITE[0], cube(y), cube(y - b / 200) * WHITE[2]]
  return [
    encode(3.2404542 * X - 1.5371385 * Y - 0.4985314 * Z),
    encode(-0.969266 * X + 1.8760108 * Y + 0.041556 * Z),
    encode(0.0556434 * X - 0.2040259 * Y + 1.0572252 * Z),
  ]
}

/** sRGB's curve. */
function encode(linear: number): number {
  return toByte(255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055))
}
