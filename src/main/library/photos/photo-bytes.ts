// The bytes behind <img>: thumbnails and photos by photo id. A small photo is its own thumbnail; a thumbnail whose
// cache was deleted is made again on demand. A photo that browsers do not show, or not as it is trained with, is decoded
// for them.

import { readFile } from 'node:fs/promises'
import { ServiceError } from '../../../contract/errors.ts'
import { packThumbnails } from '../../../contract/thumbnail-pack.ts'
import type { LibraryContext } from '../context.ts'
import { browserTypes, isShownAsItIs } from '../../pixels/decode/shown.ts'
import type { DecodeOutputs, DecodeResult, ImageFormat } from '../../pixels/types.ts'
import { noPhoto, photoFile } from '../tables/roots.ts'

export interface PhotoBytes {
  readonly bytes: Uint8Array
  readonly type: string
}

type BytesDeps = Pick<LibraryContext, 'library' | 'pixels'>

/** pixels/types.ts: a photo within this square gets no thumbnail of its own. */
const thumbnailSide = 256

/** ServiceError 'no-thumbnail' where the file cannot be decoded, 'photo-missing' where it has gone. */
export async function thumbnailBytes(ctx: BytesDeps, photoId: number): Promise<PhotoBytes> {
  return (await readyThumbnail(ctx, photoId)) ?? makeThumbnail(ctx, photoId)
}

/** Pictures that need no decoding, as contract/thumbnail-pack.ts says. */
export async function thumbnailPack(ctx: BytesDeps, photoIds: readonly number[]): Promise<Uint8Array> {
  return packThumbnails(
    await Promise.all(
      photoIds.map(async photoId => (await readyThumbnail(ctx, photoId).catch(() => null))?.bytes ?? null),
    ),
  )
}

/** The thumbnail in the cache, or the small photo itself; null for other photos. ServiceErrors as above. */
async function readyThumbnail(ctx: BytesDeps, photoId: number): Promise<PhotoBytes | null> {
  const photo = ctx.library.db.get<PhotoFileRow>(
    'SELECT sha256, format, width, height, usable FROM photo WHERE id = ?',
    photoId,
  )
  if (!photo) throw noPhoto(photoId)
  const stored = photo.sha256 === null ? null : ctx.pixels.thumbnails.get(photo.sha256)
  if (stored) return { bytes: stored, type: 'image/webp' }
  const small = photo.usable === 1 && photo.width! <= thumbnailSide && photo.height! <= thumbnailSide
  return small ? readyPhoto(ctx, photoId, photo.format) : null
}

/** The file itself where browsers show it as it is trained with. */
async function readyPhoto(ctx: BytesDeps, photoId: number, format: ImageFormat | null): Promise<PhotoBytes | null> {
  const type = format && browserTypes[format]
  if (!type) return null
  const bytes = await readPhoto(ctx, photoId)
  return isShownAsItIs(bytes, format) ? { bytes, type } : null
}

interface PhotoFileRow {
  readonly sha256: string | null
  readonly format: ImageFormat | null
  readonly width: number | null
  readonly height: number | null
  readonly usable: number
}

/** Enough for any screen, and for a look at details. */
const viewSide = 2048

/** The file as it is; else the photo as it is trained with, or as far as it can be shown. */
export async function photoBytes(ctx: BytesDeps, photoId: number): Promise<PhotoBytes> {
  const photo = ctx.library.db.get<Pick<PhotoFileRow, 'format' | 'usable'>>(
    'SELECT format, usable FROM photo WHERE id = ?',
    photoId,
  )
  const ready = photo && (await readyPhoto(ctx, photoId, photo.format))
  if (ready) return ready
  if (photo?.usable !== 1) return thumbnailBytes(ctx, photoId)
  const result = await decodeOne(ctx, photoId, { thumbnail: false, view: viewSide, quality: false, pixels: [] })
  if (result.status === 'ok' && result.view) return { bytes: result.view, type: 'image/webp' }
  return thumbnailBytes(ctx, photoId)
}

async function makeThumbnail(ctx: BytesDeps, photoId: number): Promise<PhotoBytes> {
  const result = await decodeOne(ctx, photoId, { thumbnail: true, quality: false, pixels: [] })
  if (result.thumbnail) {
    if (result.sha256) ctx.pixels.thumbnails.put(result.sha256, result.thumbnail)
    return { bytes: result.thumbnail, type: 'image/webp' }
  }
  if (result.status === 'failed')
    throw new ServiceError(
      'no-thumbnail',
      result.problem.reason,
      'Exclude the photo, or replace its file and import the folder again.',
    )
  throw noThumbnail(photoId)
}

function noThumbnail(photoId: number): ServiceError {
  return new ServiceError('no-thumbnail', `Photo ${photoId} has no thumbnail.`, 'Import its folder again.')
}

async function decodeOne(ctx: BytesDeps, photoId: number, outputs: DecodeOutputs): Promise<DecodeResult> {
  const request = { key: photoId, path: photoFile(ctx.library.db, photoId), outputs }
  for await (const result of ctx.pixels.pool.decode([request], { signal: new AbortController().signal })) return result
  throw noThumbnail(photoId)
}

async function readPhoto(ctx: BytesDeps, photoId: number): Promise<Buffer> {
  const path = photoFile(ctx.library.db, photoId)
  try {
    return await readFile(path)
  } catch {
    throw new ServiceError(
      'photo-missing',
      `The file ${path} cannot be read; it may have been moved or deleted.`,
      'Put it back where it was, or import it from its new folder.',
    )
  }
}
