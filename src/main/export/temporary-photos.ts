// Photo files that are in no library, for a look at what a model says of them: kept as files in the cache while they
// are looked at, because decoding happens in processes of its own that read files. The newest few stay; all go when the
// next session's first one comes.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { privateFile, privateFolder } from '../common/private-files.ts'
import { ServiceError } from '../../contract/errors.ts'
import { translateError } from '../db/errors.ts'
import type { LibraryContext } from '../library/context.ts'
import { safeName } from '../common/file-names.ts'
import { decodeForModel, whatToDo } from '../pixels/decode/decode-for-model.ts'
import { getRun } from '../runs/rows.ts'

export interface TemporaryPhoto {
  readonly visitorId: string
  /** Of the file, for sentences about it. */
  readonly name: string
}

export interface TemporaryPhotos {
  /** ServiceError 'too-large' and those of the disk. */
  put(photo: TemporaryPhoto, bytes: Uint8Array): Promise<void>
  /** A small WebP, for files that browsers do not show. ServiceError 'no-visitor', 'no-thumbnail' or why the file
   *  cannot be read. */
  picture(photo: TemporaryPhoto): Promise<Uint8Array>
  /** u8 [size, size, channels] of the run's settings. The same errors. */
  pixels(photo: TemporaryPhoto, runId: number): Promise<Uint8Array>
}

const kept = 4
export const largestTemporaryPhoto = 256 * 2 ** 20

export function createTemporaryPhotos(context: LibraryContext): TemporaryPhotos {
  const folder = join(context.library.paths.cache, 'visitors')
  const files = new Map<string, string>()
  let fresh = false

  const fileOf = ({ visitorId }: TemporaryPhoto) => {
    const file = files.get(visitorId)
    if (file === undefined)
      throw new ServiceError('no-visitor', 'This photo is not kept any more.', 'Choose it once more.')
    return file
  }

  return {
    async put({ visitorId, name }, bytes) {
      if (bytes.length > largestTemporaryPhoto)
        throw new ServiceError(
          'too-large',
          `${name} has ${Math.round(bytes.length / 1e6)} million bytes; at most ${Math.round(largestTemporaryPhoto / 1e6)} million are taken.`,
          'Save it smaller, or import its folder.',
        )
      try {
        if (!fresh) await rm(folder, { recursive: true, force: true })
        fresh = true
        const file = join(folder, visitorId, safeName(name))
        await mkdir(join(folder, visitorId), privateFolder)
        await writeFile(file, bytes, privateFile)
        files.set(visitorId, file)
        for (const old of [...files.keys()].slice(0, -kept)) await forget(old)
      } catch (error) {
        throw translateError(error, folder)
      }
    },
    async picture(photo) {
      const file = fileOf(photo)
      const request = { key: 0, path: file, outputs: { thumbnail: true, quality: false, pixels: [] } }
      for await (const result of context.pixels.pool.decode([request], { signal: new AbortController().signal })) {
        if (result.thumbnail) return result.thumbnail
        if (result.status === 'failed') throw new ServiceError(result.problem.code, result.problem.reason, whatToDo)
      }
      throw new ServiceError(
        'no-thumbnail',
        `${photo.name} is small enough to be its own picture.`,
        'Show the file itself.',
      )
    },
    pixels(photo, runId) {
      const {
        settings: { size, channels, fit },
      } = getRun(context.library.db, runId)
      return decodeForModel(context.pixels.pool, fileOf(photo), { size, channels, fit }, new AbortController().signal)
    },
  }

  async function forget(visitorId: string): Promise<void> {
    files.delete(visitorId)
    await rm(join(folder, visitorId), { recursive: true, force: true })
  }
}
