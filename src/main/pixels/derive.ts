// What is made of one decoded photo: training pixels, thumbnail, scores and hashes. All from the same upright sRGB raster.
// The rule for training pixels stands here and nowhere else: the whole photo squashed to a square with Pillow's BILINEAR.

import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { turnedHashes } from './phash.ts'
import { scoreQuality } from './quality.ts'
import { bilinear, resample, toGrey, type Raster } from './resample.ts'
import type { DecodedPhoto, ImageFormat, PixelBuffer, PixelShape } from './types.ts'

const THUMBNAIL_SIDE = 256

/** The rule for what a model sees: for one channel the grey twin, then squashed to size x size, antialiased triangle filter. */
export function toModelPixels(raster: Raster, { size, channels }: PixelShape): PixelBuffer {
  const source = channels === 1 ? toGrey(raster) : raster
  return { size, channels, data: resample(source, size, size, bilinear).data }
}

/** WebP with a long side of at most 256. */
export async function makeThumbnail({ width, height, data }: Raster): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true, kernel: 'linear' })
    .webp({ quality: 80, effort: 0 })
    .toBuffer()
}

/** Whether a page can show the file itself in place of a thumbnail. */
export function isItsOwnThumbnail({ width, height }: Raster, format: ImageFormat): boolean {
  return width <= THUMBNAIL_SIDE && height <= THUMBNAIL_SIDE && format !== 'tiff'
}

/** Scores, pHash, and SHA-256 of "width x height:" and the RGB bytes. */
export function judge(raster: Raster): Pick<DecodedPhoto, 'pixelSha256' | 'phash' | 'phashTurns' | 'quality'> {
  const grey = toGrey(raster)
  const phashTurns = turnedHashes(grey)
  return {
    pixelSha256: createHash('sha256').update(`${raster.width}x${raster.height}:`).update(raster.data).digest('hex'),
    phash: phashTurns[0]!,
    phashTurns,
    quality: scoreQuality(raster, grey),
  }
}
