// Making features of photos: whoever has a device asks for the photos that lack them, gets their pixels, and puts what the
// backbone makes of them. The pixels are decoded for this alone and kept nowhere; a job stands for the work, so that it is
// seen, paused and ended like any other. What is put is kept, so the work goes on wherever it was left.

import { ServiceError } from '../../contract/errors.ts'
import type { FeatureKind, Problem } from '../../contract/records.ts'
import type { RequestResult } from '../../contract/table.ts'
import type { JobControl, LibraryContext } from '../library/context.ts'
import { photoPathOf } from '../library/tables/roots.ts'
import type { DecodeRequest } from '../pixels/types.ts'

export interface FeatureWork {
  begin(kind: FeatureKind): RequestResult<'features.begin'>
  /** A byte a photo, 1 where it could be read, then the pixels of those. ServiceError 'features-stopped'. */
  pixels(jobId: number, photoIds: readonly number[], size: number): Promise<Uint8Array>
  /** f32 [photos, numbers]; 0 for a photo without any. */
  read(kind: FeatureKind, photoIds: readonly number[]): Uint8Array
  write(kind: FeatureKind, photoIds: readonly number[], jobId: number, bytes: Uint8Array): void
  end(jobId: number): void
}

/** A job at work, as the service keeps it. */
interface Underway {
  readonly control: JobControl
  readonly total: number
  done: number
  readonly end: () => void
}

interface UsablePhoto {
  readonly id: number
  readonly sha256: string
}

export function createFeatureWork(context: LibraryContext): FeatureWork {
  const underway = new Map<number, Underway>()
  return {
    begin(kind) {
      const cache = context.pixels.features(kind)
      const photos = usablePhotos(context)
      const missing = photos.filter(({ sha256 }) => !cache.has(sha256))
      const jobId = missing.length === 0 ? null : startJob(context, underway, missing.length)
      return { jobId, photoIds: missing.map(({ id }) => id), photos: photos.length }
    },
    async pixels(jobId, photoIds, size) {
      const work = workOf(underway, jobId)
      return decodeSquares(context, photoIds, size, work.control.signal).catch((error: unknown) => {
        if (work.control.signal.aborted) throw stopped()
        throw error
      })
    },
    read: (kind, photoIds) => readFeatures(context, kind, photoIds),
    write(kind, photoIds, jobId, bytes) {
      writeFeatures(context, kind, photoIds, bytes)
      const work = underway.get(jobId)
      if (work) work.control.progress((work.done += photoIds.length), work.total)
    },
    end: jobId => underway.get(jobId)?.end(),
  }
}

/** Decoded whole and not excluded: those that could be in a run once they have a label. */
function usablePhotos({ library: { db } }: LibraryContext): UsablePhoto[] {
  return db.all<UsablePhoto>(
    "SELECT id, coalesce(sha256, '') AS sha256 FROM photo WHERE usable = 1 AND excluded = 0 ORDER BY id",
  )
}

function startJob(context: LibraryContext, underway: Map<number, Underway>, total: number): number {
  const { jobId } = context.jobs.start('features', {}, async control => {
    const ended = Promise.withResolvers<void>()
    underway.set(control.jobId, { control, total, done: 0, end: ended.resolve })
    control.signal.addEventListener('abort', () => ended.resolve(), { once: true })
    control.progress(0, total)
    await ended.promise
    underway.delete(control.jobId)
    control.signal.throwIfAborted()
  })
  return jobId
}

function workOf(underway: ReadonlyMap<number, Underway>, jobId: number): Underway {
  const work = underway.get(jobId)
  if (work) return work
  throw stopped()
}

function stopped(): ServiceError {
  return new ServiceError(
    'features-stopped',
    'Making the features was stopped; those that were made are kept.',
    'Start it again to go on.',
  )
}

async function decodeSquares(
  context: LibraryContext,
  photoIds: readonly number[],
  size: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const photos = new Map(rowsOf(context, photoIds).map(photo => [photo.id, photo]))
  const pathOf = photoPathOf(context.library.db)
  const outputs = { thumbnail: false, quality: false, pixels: [{ size, channels: 3, fit: 'letterbox' }] } as const
  const requests = photoIds.flatMap((id): DecodeRequest[] => {
    const photo = photos.get(id)
    return photo ? [{ key: id, path: pathOf(photo.rootId, photo.path), outputs }] : []
  })
  const squares = new Map<number, Uint8Array>()
  const lost = new Map<number, Problem>()
  for await (const result of context.pixels.pool.decode(requests, { signal })) {
    if (result.status === 'failed') lost.set(result.key, result.problem)
    else if (result.sha256 !== photos.get(result.key)!.sha256) lost.set(result.key, changed)
    else squares.set(result.key, result.pixels[0]!.data)
  }
  // None at all is a disk that is not connected rather than files that are gone: nothing is held against the photos.
  if (squares.size > 0) markLost(context, lost)
  return sideBySide(photoIds, squares, size * size * 3)
}

function sideBySide(photoIds: readonly number[], squares: ReadonlyMap<number, Uint8Array>, bytes: number): Uint8Array {
  const all = new Uint8Array(photoIds.length + squares.size * bytes)
  let at = photoIds.length
  photoIds.forEach((id, i) => {
    const square = squares.get(id)
    if (!square) return
    all[i] = 1
    all.set(square, at)
    at += bytes
  })
  return all
}

const changed: Problem = {
  code: 'changed-while-read',
  reason: 'The file has changed since it was imported. Import its folder again.',
  score: null,
  values: {},
}

/** Photos that cannot be read any more are left out of everything until their files are back. */
function markLost({ library: { db }, changed: tell }: LibraryContext, lost: ReadonlyMap<number, Problem>): void {
  if (lost.size === 0) return
  db.transaction(() => {
    for (const [id, { code, reason, score, values }] of lost) {
      db.run('UPDATE photo SET usable = 0 WHERE id = ?', id)
      db.run(
        'INSERT OR REPLACE INTO problem (photo_id, code, reason, score, values_json) VALUES (?, ?, ?, ?, ?)',
        id,
        code,
        reason,
        score,
        JSON.stringify(values),
      )
    }
  })
  tell()
}

interface PhotoFile extends UsablePhoto {
  readonly rootId: number
  readonly path: string
}

function rowsOf({ library: { db } }: LibraryContext, photoIds: readonly number[]): PhotoFile[] {
  return db.all<PhotoFile>(
    `SELECT id, coalesce(sha256, '') AS sha256, root_id AS rootId, path FROM photo
     WHERE id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(photoIds),
  )
}

function readFeatures(context: LibraryContext, kind: FeatureKind, photoIds: readonly number[]): Uint8Array {
  const hashes = new Map(rowsOf(context, photoIds).map(({ id, sha256 }) => [id, sha256]))
  const cache = context.pixels.features(kind)
  const values = new Float32Array(photoIds.length * kind.numbers)
  photoIds.forEach((id, i) => {
    const own = cache.get(hashes.get(id) ?? '')
    if (own) values.set(own, i * kind.numbers)
  })
  return new Uint8Array(values.buffer)
}

function writeFeatures(
  context: LibraryContext,
  kind: FeatureKind,
  photoIds: readonly number[],
  bytes: Uint8Array,
): void {
  const expected = 4 * photoIds.length * kind.numbers
  if (bytes.length !== expected)
    throw bad(
      `${bytes.length} bytes came instead of ${expected} (photos: ${photoIds.length}, numbers of each: ${kind.numbers})`,
    )
  const values = new Float32Array(bytes.slice().buffer)
  const wrong = values.findIndex(value => !Number.isFinite(value))
  if (wrong >= 0) throw bad(`photo ${photoIds[Math.floor(wrong / kind.numbers)]} has ${values[wrong]} among them`)
  const hashes = new Map(rowsOf(context, photoIds).map(({ id, sha256 }) => [id, sha256]))
  const cache = context.pixels.features(kind)
  photoIds.forEach((id, i) => {
    const hash = hashes.get(id)
    if (hash) cache.append(hash, values.subarray(i * kind.numbers, (i + 1) * kind.numbers))
  })
  cache.flush()
}

function bad(detail: string): ServiceError {
  return new ServiceError(
    'bad-features',
    `The features were not kept: ${detail}.`,
    'Use another backbone: this one, or what computes, makes no sound numbers.',
  )
}
