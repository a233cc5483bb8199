// What a TIFF says of its pixels, and who reads it: the image library what it is known to read rightly, the reader here
// (samples.ts) every other kind of numbers in a common compression, nobody the rest, which is refused by its name.

import { PhotoError } from '../../reasons.ts'
import type { TiffDirectory } from './directory.ts'

export interface TiffLayout {
  readonly little: boolean
  readonly width: number
  readonly height: number
  /** Samples of a pixel, the first `colours` of them colours, the others extra. */
  readonly samples: number
  readonly colours: number
  readonly bits: number
  readonly numbers: 'unsigned' | 'signed' | 'float'
  readonly compression: number
  readonly photometric: number
  /** Each sample in a plane of its own. */
  readonly planar: boolean
  readonly predictor: number
  /** Which sample is alpha, and whether colours are already multiplied by it. */
  readonly alpha: { readonly sample: number; readonly multiplied: boolean } | null
  readonly palette: readonly number[]
  /** Size of a strip or tile in pixels. */
  readonly part: { readonly width: number; readonly height: number; readonly tiled: boolean }
  readonly offsets: readonly number[]
  readonly counts: readonly number[]
  readonly orientation: number
  readonly profile: Buffer | null
}

const photometrics = {
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  cmyk: 5,
  yCbCr: 6,
  lab: 8,
  iccLab: 9,
} as const
export { photometrics }

/** Colours of a pixel; a kind that is not here is refused. */
const coloursOf: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3, 9: 3 }

const compressions: Readonly<Record<number, string>> = {
  2: 'CCITT RLE',
  3: 'CCITT fax 3',
  4: 'CCITT fax 4',
  6: 'old JPEG',
  7: 'JPEG',
  9: 'JBIG',
  10: 'JBIG',
  34661: 'JBIG',
  32766: 'NeXT',
  32809: 'ThunderScan',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34712: 'JPEG 2000',
  34676: 'SGI LogLuv',
  34677: 'SGI LogLuv',
  34713: 'Nikon RAW',
  34887: 'LERC',
  34892: 'lossy DNG',
  34925: 'LZMA',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
}

const photometricNames: Readonly<Record<number, string>> = {
  4: 'a transparency mask',
  10: 'ITU Lab colours',
  32844: 'LogL colours',
  32845: 'LogLuv colours',
  51177: 'a depth map',
}

/** Compressions that samples.ts reads: none, LZW, deflate (twice), PackBits, Zstandard. */
const plainCompressions: readonly number[] = [1, 5, 8, 32946, 32773, 50000]
const FAX: readonly number[] = [2, 3, 4]
const JPEG = 7

/** PhotoError 'unsupported' names the kind; 'unreadable' where the directory contradicts itself. */
export function readLayout(directory: TiffDirectory): TiffLayout {
  const { first, numbers } = directory
  const [width = 0, height = 0] = [first(256), first(257)]
  if (width === 0 || height === 0)
    throw new PhotoError('unreadable', { why: `its header says ${width} x ${height} pixels` })
  const photometric = first(262) ?? photometrics.blackIsZero
  const samples = first(277) ?? Math.max(1, numbers(258).length)
  const colours = coloursOf[photometric]
  if (colours === undefined) throw unsupported(photometricNames[photometric] ?? `colours of kind ${photometric}`)
  if (samples > MOST_CHANNELS) throw unsupported(`${samples} channels`)
  if (samples < colours) throw unsupported(`${samples} channels where ${colours} make a colour`)
  if (photometric === photometrics.cmyk && (first(332) ?? 1) !== 1) throw unsupported('inks other than CMYK')
  const tiled = first(322) !== undefined
  const part = partOf(directory, width, height, tiled)
  return {
    little: directory.little,
    width,
    height,
    samples,
    colours,
    bits: equal(numbers(258), 1, 'bits'),
    numbers: numberKind(equal(numbers(339), 1, 'kinds of numbers')),
    compression: first(259) ?? 1,
    photometric,
    planar: first(284) === 2 && samples > 1,
    predictor: first(317) ?? 1,
    alpha: alphaOf(numbers(338), colours),
    palette: photometric === photometrics.palette ? numbers(320) : [],
    part,
    offsets: numbers(tiled ? 324 : 273),
    counts: numbers(tiled ? 325 : 279),
    orientation: first(274) ?? 1,
    profile: directory.raw(34675),
  }
}

/** Tiles may reach beyond the photo, but not by much. */
const BEYOND_PHOTO = 4096

function partOf({ first }: TiffDirectory, width: number, height: number, tiled: boolean): TiffLayout['part'] {
  if (!tiled) return { width, height: Math.max(1, Math.min(height, first(278) ?? height)), tiled }
  const tile = { width: first(322)!, height: first(323) ?? 0, tiled }
  const fits = (side: number, whole: number): boolean => side >= 1 && side <= whole + BEYOND_PHOTO
  if (fits(tile.width, width) && fits(tile.height, height)) return tile
  throw new PhotoError('unreadable', { why: `its header says tiles of ${tile.width} x ${tile.height} pixels` })
}

/** More than a colour with depth, masks and layers has; a file that claims thousands would take all memory. */
const MOST_CHANNELS = 64

function unsupported(what: string): PhotoError {
  return new PhotoError('unsupported', { format: `TIFF with ${what}` })
}

/** Of a tag with a value for each sample, the one that all share. */
function equal(values: readonly number[], otherwise: number, name: string): number {
  if (values.some(value => value !== values[0]))
    throw unsupported(`channels of different ${name} (${values.join(', ')})`)
  return values[0] ?? otherwise
}

function numberKind(format: number): TiffLayout['numbers'] {
  if (format === 5 || format === 6) throw unsupported('complex numbers')
  return format === 2 ? 'signed' : format === 3 ? 'float' : 'unsigned'
}

/** Extra samples are alpha only where the file says so: 1 multiplied, 2 not. */
function alphaOf(extra: readonly number[], colours: number): TiffLayout['alpha'] {
  const at = extra.findIndex(kind => kind === 1 || kind === 2)
  return at < 0 ? null : { sample: colours + at, multiplied: extra[at] === 1 }
}

/** Who reads it. PhotoError 'unsupported' where nobody does. */
export function readerOf(layout: TiffLayout): 'library' | 'here' {
  const { compression, photometric, bits, samples, colours, numbers, planar } = layout
  const plain = numbers === 'unsigned' && samples === colours && bits === 8
  if (compression === JPEG && plain && photometric !== photometrics.palette) return 'library'
  if (FAX.includes(compression) && bits === 1 && samples === 1) return 'library'
  if (!plainCompressions.includes(compression)) throw unsupportedCompression(layout)
  if (photometric === photometrics.yCbCr) {
    if (!plain) throw unsupported(`YCbCr colours of ${bits} bits`)
    return 'library'
  }
  if (numbers === 'float' ? ![16, 32, 64].includes(bits) : bits > 32 && bits !== 64)
    throw unsupported(`${numbers} numbers of ${bits} bits`)
  const usual = bits === 8 && numbers === 'unsigned' && !planar && compression !== 50000
  const simple = usual && samples === colours && photometric < photometrics.yCbCr
  return simple && photometric !== photometrics.palette ? 'library' : 'here'
}

function unsupportedCompression({ compression, bits, samples }: TiffLayout): PhotoError {
  const name = compressions[compression] ?? `kind ${compression}`
  return unsupported(
    compression === JPEG || FAX.includes(compression)
      ? `${name} compression of ${samples} channels of ${bits} bits`
      : `${name} compression`,
  )
}
