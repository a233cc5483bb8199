// What is made of one decoded photo: training pixels, thumbnail, scores and hashes. All from the same upright sRGB
// raster. The rule for training pixels stands here and nowhere else: a large photo averaged in blocks, then the whole
// of it made a square with Pillow's BILINEAR, squashed or between grey bars.

import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { blockFactor, blockMean } from '../resize/block-mean.ts'
import { turnedHashes } from '../scores/phash.ts'
import { scoreQuality } from '../scores/quality.ts'
import { ownDetail } from '../scores/sharpness.ts'
import { letterbox } from '../resize/letterbox.ts'
import { bilinear, resample, toGrey, type Raster } from '../resize/resample.ts'
import type { DecodedPhoto, PixelBuffer, PixelShape } from '../types.ts'

const THUMBNAIL_SIDE = 256
/** Photos are averaged in blocks while their long side stays at least this, and at least four times the training size.
 */
const WORKING_SIDE = 1024

/** A decoded photo, and the same averaged in blocks where it is large. */
export interface WorkingPhoto {
  readonly whole: Raster
  readonly working: Raster
}

export function workingPhoto(whole: Raster): WorkingPhoto {
  return { whole, working: blockMean(whole, blockFactor(whole, WORKING_SIDE)) }
}

/** The raster from which a picture of this size is made. */
export function sourceFor({ whole, working }: WorkingPhoto, size: number): Raster {
  return 4 * size <= WORKING_SIDE ? working : blockMean(whole, blockFactor(whole, 4 * size))
}

/** The rule for what a model sees: for one channel the grey version, then as size x size, antialiased triangle filter.
 */
export function toModelPixels(photo: WorkingPhoto, { size, channels, fit }: PixelShape): PixelBuffer {
  const source = sourceFor(photo, size)
  const seen = channels === 1 ? toGrey(source) : source
  return {
    size,
    channels,
    data: (fit === 'letterbox' ? letterbox(seen, size) : resample(seen, size, size, bilinear)).data,
  }
}

/** WebP with a long side of at most 256. */
export async function makeThumbnail({ working: { width, height, data } }: WorkingPhoto): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true, kernel: 'linear' })
    .webp({ quality: 80, effort: 0 })
    .toBuffer()
}

/** The photo as it is trained with, for a page to show in place of a file that it would show otherwise or not at all. */
export async function makeView(
  { whole: { width, height, data } }: WorkingPhoto,
  longSide: number,
): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(longSide, longSide, { fit: 'inside', withoutEnlargement: true, kernel: 'linear' })
    .webp({ quality: 92, effort: 0 })
    .toBuffer()
}

/** Such a photo needs no thumbnail where a page can show its file. */
export function fitsThumbnail({ width, height }: Raster): boolean {
  return width <= THUMBNAIL_SIDE && height <= THUMBNAIL_SIDE
}

/** Scores, pHash, and SHA-256 of "width x height:" and the RGB bytes. */
export function scoreAndHash({
  whole,
  working,
}: WorkingPhoto): Pick<DecodedPhoto, 'pixelSha256' | 'phash' | 'phashTurns' | 'quality' | 'ownDetail'> {
  const grey = toGrey(working)
  const phashTurns = turnedHashes(grey)
  return {
    pixelSha256: createHash('sha256').update(`${whole.width}x${whole.height}:`).update(whole.data).digest('hex'),
    phash: phashTurns[0]!,
    phashTurns,
    ownDetail: ownDetail(whole),
    quality: {
      ...scoreQuality(working, grey),
      oddAspect: Math.min(whole.width / whole.height, whole.height / whole.width),
    },
  }
}
