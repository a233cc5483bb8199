// Bytes to upright sRGB pixels, 8 bits, three channels: the one decode that thumbnails, scores, hashes and training
// pixels come from. Orientation and colour profile are applied, CMYK and 16 bits converted, alpha laid on white, the
// first frame taken. What is odd but whole is mended and noted; a damaged file is decoded as far as it goes and says so;
// what cannot be shown at all, or not rightly, throws PhotoError. Only sharp's errors are caught.

import sharp, { type SharpOptions } from 'sharp'
import { decodeBmp } from './bmp.ts'
import { beyondReading, damageOf, zeroDamage, type Damage } from './damage.ts'
import type { DecodedPlain } from './decoded.ts'
import { readDeepPng } from './deep-png.ts'
import { decodeHeic } from './heic.ts'
import { checkKind, readMetadata } from './library-kinds.ts'
import { firstFrame, type FirstFrame } from './mend/gif.ts'
import { asStillAvif, codingOf, pictureRanges, type ByteRange } from './mend/iso-media.ts'
import { unreadJpeg } from './mend/jpeg.ts'
import { mend } from './mend/mend.ts'
import { webpPicture } from './mend/webp.ts'
import { zerosInPacked, zerosInRows } from './mend/zero-tail.ts'
import { decodePnm } from './pnm.ts'
import { decodeQoi } from './qoi.ts'
import { PhotoError, type ReasonValues } from '../reasons.ts'
import type { Raster } from '../resize/resample.ts'
import { decodeTga } from './tga.ts'
import { readTiff, type PlainPixels } from './tiff/tiff.ts'
import type { ImageFormat } from '../types.ts'

/** What is odd about a file whose pixels are whole: its header was mended, or what black and white are was guessed. */
export interface DecodeNote {
  readonly code: 'mended' | 'guessed-range'
  readonly values: ReasonValues
}

export interface DecodedImage {
  /** RGB. */
  readonly raster: Raster
  readonly pages: number
  /** The raster then holds what could be read. */
  readonly damage: Damage | null
  readonly notes: readonly DecodeNote[]
}

/** The ground under transparent pixels. */
const GROUND = '#ffffff'

/** Waits until a photo of this many pixels may take its memory. */
export type Admit = (pixels: number) => Promise<void>

/** Decodes bytes of this format. PhotoError: 'too-large', 'truncated', 'unreadable', 'unsupported' or 'not-an-image',
 *  each with its values. */
export async function decodeImage(
  bytes: Buffer,
  format: ImageFormat,
  maxPixels: number,
  admit: Admit = async () => {},
): Promise<DecodedImage> {
  const allow: Admit = async pixels => {
    if (pixels > maxPixels) throw new PhotoError('too-large', { pixels, limit: maxPixels })
    await admit(pixels)
  }
  switch (format) {
    case 'bmp':
    case 'pnm':
    case 'tga':
    case 'qoi':
      await admit(bytes.length / 3)
      return plainImage(bytes, plainDecoders[format](bytes, maxPixels))
    case 'heic':
      return decodeContainer(bytes, maxPixels, allow)
    case 'tiff':
      return decodeTiff(bytes, maxPixels, allow)
    case 'gif':
      return decodeGif(bytes, maxPixels, allow)
    case 'avif':
      return decodeByLibrary(asStillAvif(bytes), format, maxPixels, allow)
    case 'jpeg': {
      const unread = unreadJpeg(bytes)
      if (unread) throw new PhotoError('unsupported', { format: unread })
      return decodeByLibrary(bytes, format, maxPixels, allow)
    }
    default:
      return decodeByLibrary(bytes, format, maxPixels, allow)
  }
}

const plainDecoders = { bmp: decodeBmp, pnm: decodePnm, tga: decodeTga, qoi: decodeQoi }

function plainImage(bytes: Buffer, { raster, complete, rows }: DecodedPlain): DecodedImage {
  const zeros = rows !== null && zerosInRows(bytes, rows)
  return { raster, pages: 1, notes: [], damage: zeros ? zeroDamage(bytes) : complete ? null : { damage: 'end' } }
}

async function decodeContainer(bytes: Buffer, maxPixels: number, allow: Admit): Promise<DecodedImage> {
  const picture = await decodeHeic(bytes, allow)
  if (!picture) {
    const coding = codingOf(bytes)
    if (coding !== null && coding !== 'HEVC')
      throw new PhotoError('unsupported', { format: `HEIF with ${coding} inside` })
    throw beyondReading(bytes, 'heic', '')
  }
  const whole = await decodeWhole(picture.tiff, 'tiff', maxPixels)
  return withZeros(bytes, pictureRanges(bytes), { ...whole, pages: picture.pages })
}

async function decodeTiff(bytes: Buffer, maxPixels: number, allow: Admit): Promise<DecodedImage> {
  const { odd, rows, packed } = await readTiff(bytes, allow)
  const image = odd ? await decodeOdd(bytes, odd, maxPixels) : await decodeByLibrary(bytes, 'tiff', maxPixels, allow)
  const zeros = rows ? zerosInRows(bytes, rows) : zerosInPacked(bytes, packed)
  return zeros ? { ...image, damage: zeroDamage(bytes) } : image
}

async function decodeOdd(bytes: Buffer, odd: PlainPixels, maxPixels: number): Promise<DecodedImage> {
  const { raster } = await decodeWhole(odd.tiff, 'tiff', maxPixels)
  const damage = odd.complete ? null : damageOf(bytes, 'tiff', 'a strip of pixels is short')
  return {
    raster,
    pages: odd.pages,
    damage,
    notes: odd.guessed ? [{ code: 'guessed-range', values: odd.guessed }] : [],
  }
}

/** The first frame alone, so that later ones may be damaged; white where it leaves its canvas empty. */
async function decodeGif(bytes: Buffer, maxPixels: number, allow: Admit): Promise<DecodedImage> {
  const first = firstFrame(bytes)
  if (!first) return decodeByLibrary(bytes, 'gif', maxPixels, allow)
  const image = await decodeByLibrary(first.bytes, 'gif', maxPixels, allow)
  if (!first.full && !image.damage)
    return { ...image, pages: first.frames, damage: damageOf(bytes, 'gif', 'its first frame is not full') }
  const notes: DecodeNote[] = first.ended ? [] : [{ code: 'mended', values: { oddity: 'end' } }]
  return { ...image, pages: first.frames, notes, raster: whitenOutside(image.raster, first) }
}

function whitenOutside(raster: Raster, { canvas, place }: FirstFrame): Raster {
  const { width, height } = raster
  if (width !== canvas.width || height !== canvas.height) return raster
  const data = Uint8Array.from(raster.data)
  for (let y = 0; y < height; y++) {
    const row = y * width * 3
    const inside = y >= place.top && y < place.top + place.height
    const [left, right] = inside ? [place.left, Math.min(width, place.left + place.width)] : [width, width]
    data.fill(255, row, row + left * 3)
    data.fill(255, row + right * 3, row + width * 3)
  }
  return { ...raster, data }
}

async function decodeByLibrary(
  bytes: Buffer,
  format: ImageFormat,
  maxPixels: number,
  allow: Admit,
): Promise<DecodedImage> {
  const metadata = await readMetadata(bytes, format)
  const { width = 0, height = 0, pages = 1, pageHeight } = metadata
  await allow(width * (pageHeight ?? height))
  checkKind(metadata, format)
  const deep = format === 'png' || format === 'apng' ? await readDeepPng(bytes, metadata) : null
  if (deep) {
    const { raster } = await decodeWhole(deep.tiff, 'tiff', maxPixels)
    return { raster, pages, damage: null, notes: [{ code: 'guessed-range', values: deep.guessed }] }
  }
  const image = { pages, ...(await decodeWhole(bytes, format, maxPixels)) }
  return withZeros(bytes, packedRanges(bytes, format), image)
}

/** Where packed picture data lies in formats whose decoders take zeros without a word. */
function packedRanges(bytes: Buffer, format: ImageFormat): readonly ByteRange[] {
  if (format === 'webp') return webpPicture(bytes).map(({ at, end }) => ({ from: at, to: end }))
  return format === 'avif' ? pictureRanges(bytes) : []
}

function withZeros(bytes: Buffer, ranges: readonly ByteRange[], image: DecodedImage): DecodedImage {
  const { width, height } = image.raster
  const lost = !image.damage && zerosInPacked(bytes, ranges, width * height)
  return lost ? { ...image, damage: zeroDamage(bytes) } : image
}

type WholeImage = Pick<DecodedImage, 'raster' | 'damage' | 'notes'>

async function decodeWhole(bytes: Buffer, format: ImageFormat, maxPixels: number): Promise<WholeImage> {
  const options: SharpOptions = { limitInputPixels: maxPixels, autoOrient: true }
  // Libtiff warns of tags that are odd but harmless.
  const strict: SharpOptions = { ...options, failOn: format === 'tiff' ? 'error' : 'warning' }
  try {
    return { raster: await toRaster(bytes, strict), damage: null, notes: [] }
  } catch (error) {
    if (error instanceof PhotoError) throw error
    const message = error instanceof Error ? error.message : ''
    const mended = await decodeMended(bytes, format, message, strict)
    if (mended) return mended
    const raster = await toRaster(bytes, { ...options, failOn: 'none' }).catch(() => null)
    if (!raster) throw beyondReading(bytes, format, message)
    return { raster, damage: damageOf(bytes, format, message), notes: [] }
  }
}

/** Without a broken profile, or with what is odd about the file put right; null where that does not make it whole. */
async function decodeMended(
  bytes: Buffer,
  format: ImageFormat,
  message: string,
  strict: SharpOptions,
): Promise<WholeImage | null> {
  if (/profile|icc/i.test(message)) {
    const raster = await toRaster(bytes, { ...strict, ignoreIcc: true }).catch(() => null)
    if (raster) return { raster, damage: null, notes: [] }
  }
  const mended = mend(bytes, format)
  const raster = mended && (await toRaster(mended.bytes, strict).catch(() => null))
  return raster && { raster, damage: null, notes: [{ code: 'mended', values: { oddity: mended.oddity } }] }
}

async function toRaster(bytes: Buffer, options: SharpOptions): Promise<Raster> {
  const { data, info } = await sharp(bytes, options)
    .flatten({ background: GROUND })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3)
    throw new PhotoError('unsupported', { format: `A picture that becomes ${info.channels} channels` })
  return { width: info.width, height: info.height, channels: 3, data }
}
