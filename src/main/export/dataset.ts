// The cleaned data set for other software: every photo a run would use with its label and split, as a list (CSV) or as
// copies in folders. Both can be imported again and give the same classes and splits.

import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import type { ReadDb } from '../db/database.ts'
import { translateError } from '../db/errors.ts'
import type { JobControl, LibraryContext } from '../library/context.ts'
import { csvText } from '../formats/csv-writer.ts'
import { labelRevision } from '../library/decisions/history.ts'
import { photoPathOf } from '../library/tables/roots.ts'
import { photosForRun } from '../library/photos/splits.ts'
import { beginCopies, openCopies, type Copies, type CopiesPlace } from './copies.ts'
import { isTraining, variantsOf, type DatasetPhoto, type VariantsOfPhotos } from './variants.ts'

const lookedAtOnce = 64
const header = ['path', 'label', 'split']

/** Absolute paths, so that the list holds wherever it is put. Photos whose files are gone since are left out. ServiceError
 *  'no-photos'. */
export async function datasetCsv(db: ReadDb): Promise<string> {
  const photos = await thoseThere(readDataset(db))
  if (photos.length === 0)
    throw new ServiceError(
      'photos-missing',
      'The files of all photos with a label are gone from where they were imported from.',
      'Connect their disk, or look for them where they are now.',
    )
  return csvText([header, ...photos.map(({ path, label, split }) => [path, label, split])], { exact: true })
}

async function thoseThere(photos: readonly DatasetPhoto[]): Promise<DatasetPhoto[]> {
  const there: DatasetPhoto[] = []
  for (let at = 0; at < photos.length; at += lookedAtOnce) {
    const some = photos.slice(at, at + lookedAtOnce)
    const files = await Promise.all(some.map(({ path }) => stat(path).catch(() => null)))
    there.push(...some.filter((_, i) => files[i]?.isFile()))
  }
  return there
}

/** What stands in the row of the job. */
export interface DatasetParams extends CopiesPlace {
  readonly variants?: VariantsOfPhotos | undefined
  /** The labels that the copies are sorted by. */
  readonly revision?: number
  /** An earlier session began the copies. */
  readonly begun?: boolean
}

/**
 * Work of a job of kind 'export'; a paused one goes on where it was, with the photos and labels it began with, also in
 * a later session, which passes over the copies that are there. Files that are gone are counted, not fatal. With
 * `variants`, training photos get changed copies beside them; validation and test photos stay as they are. Result:
 * copied, failed, variants. ServiceError 'labels-changed' where a later session finds other labels.
 */
export function datasetWork(context: LibraryContext, params: DatasetParams): (control: JobControl) => Promise<void> {
  const wanted = params.variants
  const list: string[][] = []
  const varied = new Set<number>()
  let copies: Promise<Copies> | null = null
  let begun: DatasetPhoto[] | null = null
  let [next, written] = [0, 0]
  return async control => {
    const photos = (begun ??= readDataset(context.library.db))
    const total = photos.length + (wanted ? photos.filter(isTraining).length : 0)
    const { folder, copy, write } = await (copies ??= beginCopies(context, control.jobId, openDataset(context, params)))
    for (; next < photos.length; next++) {
      control.signal.throwIfAborted()
      const { path, label, split } = photos[next]!
      const copied = await copy(path, [split, label]).catch(passOver)
      if (copied !== null) list.push([copied, label, split])
      control.progress(next + 1, total)
      control.result({ copied: list.length, failed: next + 1 - list.length })
    }
    if (wanted) {
      for await (const { photo, key, files } of variantsOf(context, photos, wanted, varied, control.signal)) {
        for (const { name, bytes } of files)
          list.push([await write(name, bytes, [photo.split, photo.label]), photo.label, photo.split])
        varied.add(key)
        control.progress(photos.length + varied.size, total)
        control.result({ variants: (written += files.length) })
      }
    }
    await writeFile(join(folder, 'labels.csv'), csvText([header, ...list], { exact: true })).catch(error => {
      throw translateError(error, folder)
    })
  }
}

async function openDataset({ library: { db } }: LibraryContext, params: DatasetParams): Promise<Copies> {
  if (params.begun && labelRevision(db) !== params.revision) {
    const folder = join(params.folder, params.name)
    throw new ServiceError(
      'labels-changed',
      `Labels were changed after a part of the copies in ${folder} had been made.`,
      'Delete that folder, or choose another name, and copy again.',
    )
  }
  return openCopies(params, db.values<string>('SELECT path FROM root'), params.begun)
}

/** A photo that cannot be read any more is left out; a disk that is full ends the work. */
export function passOver(error: unknown): null {
  if (error instanceof ServiceError && error.code !== 'library-not-writable') throw error
  return null
}

function readDataset(db: ReadDb): DatasetPhoto[] {
  const pathOf = photoPathOf(db)
  const places = new Map(
    db
      .all<{ id: number; rootId: number; path: string }>('SELECT id, root_id AS rootId, path FROM photo')
      .map(row => [row.id, row]),
  )
  const labels = new Map(
    db.all<{ id: number; name: string }>('SELECT id, name FROM class').map(({ id, name }) => [id, name]),
  )
  const photos = photosForRun(db).map(({ id, classId, split }) => {
    const { rootId, path } = places.get(id)!
    return { path: pathOf(rootId, path), label: labels.get(classId)!, split }
  })
  if (photos.length > 0) return photos
  throw new ServiceError(
    'no-photos',
    'This library has no usable photo with a label.',
    'Add photos, or label those that are here.',
  )
}
