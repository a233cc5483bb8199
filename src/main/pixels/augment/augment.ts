// Augmented variants of a decoded photo: geometry and colour as the training kernel can do them live, blur and JPEG
// artefacts by sharp ahead. One recipe and one draw for both, so the preview shows what a run gets.

import sharp, { type Sharp } from 'sharp'
import type { FitName } from '../../../contract/records.ts'
import { addNoise, applyCutout, recolour } from './augment-colour.ts'
import { drawAugmentation, photoNumber, type DrawnAugmentation } from './augment-draw.ts'
import { geometryOf, warp } from './augment-geometry.ts'
import { sourceFor, type WorkingPhoto } from '../decode/derive.ts'
import { letterbox } from '../resize/letterbox.ts'
import { bilinear, resample, toGrey, type Raster } from '../resize/resample.ts'
import type { DecodeOutputs, PixelShape, PreviewSheet, VariantsWanted } from '../types.ts'

/** Where a picture is shrunk, it is turned at this many times its final size, so that turning does not soften it. */
const OVERSAMPLING = 2
const EXPORT_QUALITY = 92

/** A variant at width x height. The whole photo is squashed as docs/pixels.md says; with nothing drawn it is the
 *  training picture. */
export async function augment(photo: Raster, drawn: DrawnAugmentation, width: number, height: number): Promise<Raster> {
  const map = geometryOf(drawn, photo.width / photo.height)
  const shrinks = photo.width >= OVERSAMPLING * width && photo.height >= OVERSAMPLING * height
  const factor = Object.keys(drawn).length > 0 && shrinks ? OVERSAMPLING : 1
  const turned = warp(resample(photo, width * factor, height * factor, bilinear), map)
  const coloured = recolour(resample(turned, width, height, bilinear), drawn)
  const blurred = drawn.blur ? await blur(coloured, drawn.blur * Math.max(width, height)) : coloured
  const packed = drawn.jpeg ? await throughJpeg(blurred, drawn.jpeg) : blurred
  const noisy = drawn.noise ? addNoise(packed, drawn.noise) : packed
  return drawn.cutout ? applyCutout(noisy, drawn.cutout) : noisy
}

/** What a decode request wants of variants, one after the other. */
export async function makeVariants(
  photo: WorkingPhoto,
  sha256: string,
  { recipe, seed, from, count, as }: VariantsWanted,
): Promise<Uint8Array[]> {
  const variants: Uint8Array[] = []
  for (let variant = from; variant < from + count; variant++) {
    const drawn = drawAugmentation(recipe, { seed, photo: photoNumber(sha256), variant })
    variants.push(
      as === 'jpeg' ? await asJpeg(photo.whole, drawn) : await asPixels(sourceFor(photo, as.size), drawn, as),
    )
  }
  return variants
}

async function asJpeg(photo: Raster, drawn: DrawnAugmentation): Promise<Uint8Array> {
  return open(await augment(photo, drawn, photo.width, photo.height))
    .jpeg({ quality: EXPORT_QUALITY })
    .toBuffer()
}

async function asPixels(
  photo: Raster,
  drawn: DrawnAugmentation,
  { size, channels, fit }: PixelShape,
): Promise<Uint8Array> {
  const variant = await augment(inFit(photo, size, drawn, fit), drawn, size, size)
  return channels === 1 ? toGrey(variant).data : variant.data
}

/** The photo as it is, to be squashed; or between bars, at the size at which it is turned. */
function inFit(photo: Raster, size: number, drawn: DrawnAugmentation, fit?: FitName): Raster {
  if (fit !== 'letterbox') return photo
  return letterbox(photo, Object.keys(drawn).length > 0 ? OVERSAMPLING * size : size)
}

/** Below this sharp refuses, and nothing would change. */
const SMALLEST_SIGMA = 0.3

async function blur(raster: Raster, sigma: number): Promise<Raster> {
  return sigma < SMALLEST_SIGMA ? raster : { ...raster, data: await open(raster).blur(sigma).raw().toBuffer() }
}

async function throughJpeg(raster: Raster, quality: number): Promise<Raster> {
  return {
    ...raster,
    data: await sharp(await open(raster).jpeg({ quality }).toBuffer())
      .raw()
      .toBuffer(),
  }
}

function open({ width, height, data }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } })
}

const COLUMNS = 6
const ROWS = 4

/** Twenty-four tiles of one photo: first as the model sees it without the recipe, then variants in the order in which a
 *  run uses them. */
export async function makeSheet(
  photo: WorkingPhoto,
  sha256: string,
  { recipe, seed, tile, fit }: NonNullable<DecodeOutputs['sheet']>,
): Promise<PreviewSheet> {
  const id = { seed, photo: photoNumber(sha256) }
  const drawn = Array.from({ length: COLUMNS * ROWS }, (_, i) =>
    i === 0 ? {} : drawAugmentation(recipe, { ...id, variant: i - 1 }),
  )
  const width = COLUMNS * tile
  const sheet = new Uint8Array(width * ROWS * tile * 3)
  for (const [i, draw] of drawn.entries()) {
    const { data } = await augment(inFit(sourceFor(photo, tile), tile, draw, fit), draw, tile, tile)
    const corner = (Math.floor(i / COLUMNS) * tile * width + (i % COLUMNS) * tile) * 3
    for (let y = 0; y < tile; y++) sheet.set(data.subarray(y * tile * 3, (y + 1) * tile * 3), corner + y * width * 3)
  }
  const image = await sharp(sheet, { raw: { width, height: ROWS * tile, channels: 3 } })
    .webp({ quality: 85 })
    .toBuffer()
  return { image, columns: COLUMNS, rows: ROWS, tile, drawn }
}
