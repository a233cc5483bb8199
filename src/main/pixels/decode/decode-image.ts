// Bytes to upright sRGB pixels, 8 bits, three channels: the one decode that thumbnails, scores, hashes and training
// pixels come from. Orientation and colour profile are applied, CMYK and 16 bits converted, alpha laid on white, the
// first frame taken. A damaged file is decoded as far as it goes and says so; what cannot be shown at all throws
// PhotoError. Only sharp's errors are caught.

import sharp, { type Metadata, type SharpOptions } from 'sharp'
import { decodeBmp } from './bmp.ts'
import { decodeHeic } from './heic.ts'
import { PhotoError } from '../reasons.ts'
import type { Raster } from '../resize/resample.ts'
import { endsEarly } from './sniff.ts'
import type { ImageFormat } from '../types.ts'

export interface DecodedImage {
  /** RGB. */
  readonly raster: Raster
  readonly pages: number
  /** Where the file is damaged: cut at its 'end', or 'inside'. The raster then holds what could be read. */
  readonly damage: 'end' | 'inside' | null
}

/** The ground under transparent pixels. */
const GROUND = '#ffffff'

/** Waits until a photo of this many pixels may take its memory. */
export type Admit = (pixels: number) => Promise<void>

/** Decodes bytes of this format. PhotoError: 'too-large', 'truncated', 'unreadable' or 'unsupported', each with its
 *  values. */
export async function decodeImage(
  bytes: Buffer,
  format: ImageFormat,
  maxPixels: number,
  admit: Admit = async () => {},
): Promise<DecodedImage> {
  if (format === 'bmp') {
    await admit(bytes.length / 3)
    const { raster, complete } = decodeBmp(bytes, maxPixels)
    return { raster, pages: 1, damage: complete ? null : 'end' }
  }
  if (format === 'heic') return decodeContainer(bytes, maxPixels, admit)
  const { width = 0, height = 0, pages = 1, pageHeight } = await readMetadata(bytes, format)
  const pixels = width * (pageHeight ?? height)
  if (pixels > maxPixels) throw new PhotoError('too-large', { pixels, limit: maxPixels })
  await admit(pixels)
  return { pages, ...(await decodeWhole(bytes, format, maxPixels)) }
}

async function decodeContainer(bytes: Buffer, maxPixels: number, admit: Admit): Promise<DecodedImage> {
  const picture = await decodeHeic(bytes, async pixels => {
    if (pixels > maxPixels) throw new PhotoError('too-large', { pixels, limit: maxPixels })
    await admit(pixels)
  })
  if (!picture) throw beyondReading(bytes, 'heic')
  return { pages: picture.pages, ...(await decodeWhole(picture.tiff, 'tiff', maxPixels)) }
}

/** Reads only the header, so the pixel limit is judged by us and can be told in numbers. */
async function readMetadata(bytes: Buffer, format: ImageFormat): Promise<Metadata> {
  try {
    return await sharp(bytes, { failOn: 'none', limitInputPixels: false }).metadata()
  } catch {
    throw beyondReading(bytes, format)
  }
}

async function decodeWhole(
  bytes: Buffer,
  format: ImageFormat,
  maxPixels: number,
): Promise<Pick<DecodedImage, 'raster' | 'damage'>> {
  const options: SharpOptions = { limitInputPixels: maxPixels, autoOrient: true }
  try {
    // Libtiff warns of tags that are odd but harmless.
    return {
      raster: await toRaster(bytes, { ...options, failOn: format === 'tiff' ? 'error' : 'warning' }),
      damage: null,
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    if (/profile|icc/i.test(message)) {
      const raster = await toRaster(bytes, { ...options, ignoreIcc: true }).catch(() => null)
      if (raster) return { raster, damage: null }
    }
    const raster = await toRaster(bytes, { ...options, failOn: 'none' }).catch(() => null)
    if (!raster) throw beyondReading(bytes, format)
    return {
      raster,
      damage: endsEarly(bytes, format) || message.includes('premature end of JPEG image') ? 'end' : 'inside',
    }
  }
}

async function toRaster(bytes: Buffer, options: SharpOptions): Promise<Raster> {
  const { data, info } = await sharp(bytes, options)
    .flatten({ background: GROUND })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new RangeError(`Decoding gave ${info.channels} channels where 3 were expected.`)
  return { width: info.width, height: info.height, channels: 3, data }
}

function beyondReading(bytes: Buffer, format: ImageFormat): PhotoError {
  return endsEarly(bytes, format)
    ? new PhotoError('truncated')
    : new PhotoError('unreadable', { why: 'its image data is damaged' })
}
