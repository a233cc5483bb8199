// One photo file to one result: read once, hash, look at the content, decode whole, derive what was asked for.
// Never throws for a bad file: whatever is wrong becomes a failed result with a code and a sentence.

import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import type { Problem } from '../../../contract/records.ts'
import { makeSheet, makeVariants } from '../augment/augment.ts'
import { decodeImage, type Admit, type DecodedImage } from './decode-image.ts'
import { fitsThumbnail, scoreAndHash, makeThumbnail, makeView, toModelPixels, workingPhoto } from './derive.ts'
import { lookAtFile, readWholeFile } from './read-file.ts'
import { fileProblem, PhotoError } from '../reasons.ts'
import { isShownAsItIs } from './shown.ts'
import { extensionFits, sniff } from './sniff.ts'
import type { DecodedPhoto, DecodeRequest, DecodeResult, FailedPhoto, ImageFormat } from '../types.ts'

export interface DecodeLimits {
  readonly maxPixels: number
  readonly maxBytes: number
}

type KnownFacts = Partial<
  Pick<FailedPhoto, 'sizeBytes' | 'modifiedMs' | 'sha256' | 'width' | 'height' | 'format' | 'thumbnail'>
>

/** Reads and decodes a file. What was learned before a failure (size, hash, format) is in the failed result too. */
export async function decodeFile(request: DecodeRequest, limits: DecodeLimits, admit?: Admit): Promise<DecodeResult> {
  const known: { -readonly [K in keyof KnownFacts]: KnownFacts[K] } = {}
  try {
    const stats = lookAtFile(request.path)
    known.sizeBytes = stats.size
    known.modifiedMs = stats.mtimeMs
    const bytes = readWholeFile(request.path, stats, limits.maxBytes)
    known.sha256 = createHash('sha256').update(bytes).digest('hex')
    const { format, frames } = identify(bytes)
    known.format = format
    const image = await decodeImage(bytes, format, limits.maxPixels, admit)
    if (image.damage) return await damaged(request, known, image)
    const file = {
      sizeBytes: stats.size,
      modifiedMs: stats.mtimeMs,
      sha256: known.sha256,
      format,
      pages: frames ?? image.pages,
    }
    return await decoded(request, file, image, isShownAsItIs(bytes, format))
  } catch (error) {
    if (!(error instanceof PhotoError)) throw error
    return failed(request, known, fileProblem(error.code, request.path, error.values))
  }
}

function identify(bytes: Buffer): { format: ImageFormat; frames?: number } {
  const sniffed = sniff(bytes)
  if (sniffed.kind === 'unknown') throw new PhotoError('not-an-image')
  if (sniffed.kind === 'unsupported') throw new PhotoError('unsupported', { format: sniffed.name })
  return sniffed
}

type FileFacts = Pick<DecodedPhoto, 'sizeBytes' | 'modifiedMs' | 'sha256' | 'format' | 'pages'>

async function decoded(
  { key, path, outputs }: DecodeRequest,
  file: FileFacts,
  { raster, notes }: DecodedImage,
  asItIs: boolean,
): Promise<DecodedPhoto> {
  const photo = workingPhoto(raster)
  const wanted = outputs.thumbnail && !(asItIs && fitsThumbnail(raster))
  return {
    status: 'ok',
    key,
    ...file,
    width: raster.width,
    height: raster.height,
    ...(outputs.quality
      ? scoreAndHash(photo)
      : { pixelSha256: null, phash: null, phashTurns: null, quality: null, ownDetail: null }),
    thumbnail: wanted ? await makeThumbnail(photo) : null,
    view: outputs.view ? await makeView(photo, outputs.view) : null,
    pixels: outputs.pixels.map(shape => toModelPixels(photo, shape)),
    variants: outputs.variants ? await makeVariants(photo, file.sha256, outputs.variants) : [],
    sheet: outputs.sheet ? await makeSheet(photo, file.sha256, outputs.sheet) : null,
    warnings: [...nameWarnings(path, file.format), ...notes.map(({ code, values }) => fileProblem(code, path, values))],
  }
}

async function damaged(
  request: DecodeRequest,
  known: KnownFacts,
  { raster, damage }: DecodedImage,
): Promise<FailedPhoto> {
  const { width, height } = raster
  const thumbnail = request.outputs.thumbnail ? await makeThumbnail(workingPhoto(raster)) : null
  return failed(request, { ...known, width, height, thumbnail }, fileProblem('truncated', request.path, damage ?? {}))
}

function nameWarnings(path: string, format: ImageFormat): Problem[] {
  const extension = extname(path).slice(1).toLowerCase()
  return extensionFits(extension, format)
    ? []
    : [fileProblem('wrong-extension', path, { format: format.toUpperCase() })]
}

/** A failed result of a request from what is known of the file. */
export function failed(request: DecodeRequest, known: KnownFacts, problem: Problem): FailedPhoto {
  const nothing = {
    sizeBytes: null,
    modifiedMs: null,
    sha256: null,
    width: null,
    height: null,
    format: null,
    thumbnail: null,
  }
  return { status: 'failed', key: request.key, ...nothing, ...known, problem }
}
