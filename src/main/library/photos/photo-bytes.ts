// The bytes behind <img>: thumbnails and photos by photo id. A small photo is its own thumbnail; a thumbnail whose
// cache was deleted is made again on demand; a photo in a format browsers do not show is shown by its thumbnail.

import { readFile } from 'node:fs/promises'
import { ServiceError } from '../../../contract/errors.ts'
import { packThumbnails } from '../../../contract/thumbnail-pack.ts'
import type { LibraryContext } from '../context.ts'
import { noPhoto, photoFile } from '../tables/roots.ts'

export interface PhotoBytes {
  readonly bytes: Uint8Array
  readonly type: string
}

type BytesDeps = Pick<LibraryContext, 'library' | 'pixels'>

const shownByBrowsers: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  apng: 'image/apng',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  bmp: 'image/bmp',
}

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
  const type = shownByBrowsers[photo.format ?? '']
  const small = photo.usable === 1 && photo.width! <= thumbnailSide && photo.height! <= thumbnailSide
  return small && type ? { bytes: await readPhoto(ctx, photoId), type } : null
}

interface PhotoFileRow {
  readonly sha256: string | null
  readonly format: string | null
  readonly width: number | null
  readonly height: number | null
  readonly usable: number
}

/** The file as it is, or its thumbnail where browsers do not show its format. */
export async function photoBytes(ctx: BytesDeps, photoId: number): Promise<PhotoBytes> {
  const format = ctx.library.db.value<string | null>('SELECT format FROM photo WHERE id = ?', photoId)
  const type = shownByBrowsers[format ?? '']
  return type ? { bytes: await readPhoto(ctx, photoId), type } : thumbnailBytes(ctx, photoId)
}

async function makeThumbnail(ctx: BytesDeps, photoId: number): Promise<PhotoBytes> {
  const request = {
    key: photoId,
    path: photoFile(ctx.library.db, photoId),
    outputs: { thumbnail: true, quality: false, pixels: [] },
  }
  for await (const result of ctx.pixels.pool.decode([request], { signal: new AbortController().signal })) {
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
  }
  throw new ServiceError('no-thumbnail', `Photo ${photoId} has no thumbnail.`, 'Import its folder again.')
}

async function readPhoto(ctx: BytesDeps, photoId: number): Promise<Uint8Array> {
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
