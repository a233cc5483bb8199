// What an import would bring in, counted from names alone: nothing is opened and nothing is written.

import type { ImportPreview, SplitName } from '../../../contract/records.ts'
import { ServiceError } from '../../../contract/errors.ts'
import { listSource } from './sources.ts'

/** Counts over all the folders. ServiceError 'no-photos' when there is nothing to import. */
export async function previewImport(folders: readonly string[], signal?: AbortSignal): Promise<ImportPreview> {
  const classes = new Map<string, number>()
  const splits = new Map<SplitName, number>()
  let photos = 0
  let skipped = 0
  for (const folder of folders) {
    for await (const file of listSource(folder, signal)) {
      if (file === null) {
        skipped++
        continue
      }
      photos++
      if (file.className !== null) add(classes, file.className)
      if (file.split !== null) add(splits, file.split)
    }
  }
  if (photos === 0) throw noPhotos(folders, skipped)
  return {
    photos,
    skipped,
    classes: [...classes].map(([name, count]) => ({ name, photos: count })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    splits: (['train', 'validation', 'test'] as const).flatMap(name =>
      splits.has(name) ? [{ name, photos: splits.get(name)! }] : [],
    ),
  }
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** ServiceError 'no-photos' naming the folders and how many other files they hold. */
export function noPhotos(folders: readonly string[], skipped: number): ServiceError {
  const where = folders.length === 1 ? folders[0]! : `${folders.length} folders`
  const others = skipped === 0 ? '' : ` (${skipped} other ${skipped === 1 ? 'file' : 'files'} passed over)`
  return new ServiceError(
    'no-photos',
    `There are no photos in ${where}${others}.`,
    'Choose a folder with photos in it, one sub-folder for each class.',
  )
}
