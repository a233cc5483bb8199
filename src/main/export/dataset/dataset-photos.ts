// The photos of the cleaned data set, as every format that it leaves in is handed them: what a run would use, with label and
// split.

import { dirname, relative, sep } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import type { SplitName } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'
import { photosForRun } from '../../library/photos/splits.ts'
import { photoPathOf } from '../../library/tables/roots.ts'

/** A photo of the data set that is written. */
export interface DatasetPhoto {
  readonly id: number
  /** Absolute. */
  readonly path: string
  readonly label: string
  readonly split: SplitName
  readonly width: number
  readonly height: number
  /** Of the file. */
  readonly sha256: string
}

interface PhotoPlace extends Pick<DatasetPhoto, 'id' | 'width' | 'height' | 'sha256'> {
  readonly rootId: number
  readonly path: string
}

/** In the order of a run. ServiceError 'no-photos'. */
export function readDataset(db: ReadDb): DatasetPhoto[] {
  const pathOf = photoPathOf(db)
  const places = new Map(
    db
      .all<PhotoPlace>('SELECT id, root_id AS rootId, path, width, height, sha256 FROM photo')
      .map(place => [place.id, place]),
  )
  const labels = new Map(
    db.all<{ id: number; name: string }>('SELECT id, name FROM class').map(({ id, name }) => [id, name]),
  )
  const photos = photosForRun(db).map(({ id, classId, split }): DatasetPhoto => {
    const { rootId, path, width, height, sha256 } = places.get(id)!
    return { id, path: pathOf(rootId, path), label: labels.get(classId)!, split, width, height, sha256 }
  })
  if (photos.length > 0) return photos
  throw new ServiceError(
    'no-photos',
    'This library has no usable photo with a label.',
    'Add photos, or label those that are here.',
  )
}

/** The names of their classes, in alphabetical order: a class's number is its place. */
export function classesOf(photos: readonly Pick<DatasetPhoto, 'label'>[]): string[] {
  return [...new Set(photos.map(({ label }) => label))].sort()
}

/** The paths from the nearest folder that holds all of them, with '/'. */
export function relativePaths(photos: readonly Pick<DatasetPhoto, 'path'>[]): string[] {
  const [first, ...rest] = photos.map(({ path }) => path)
  if (first === undefined) return []
  let common = dirname(first)
  for (const path of rest)
    while (!path.startsWith(common.endsWith(sep) ? common : common + sep)) common = dirname(common)
  return photos.map(({ path }) => relative(common, path).split(sep).join('/'))
}
