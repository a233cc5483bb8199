// What an import would bring in, counted from names alone: nothing is opened and nothing is written.

import type { ImportLayout, ImportPreview, SkippedFolder, SplitName } from '../../../contract/records.ts'
import { ServiceError } from '../../../contract/errors.ts'
import { areClasses, listSource } from './sources.ts'

const shownFolders = 100

export interface PreviewOptions {
  readonly layout?: ImportLayout | undefined
  readonly signal?: AbortSignal | undefined
}

/** Counts over all the folders. ServiceError 'no-photos' when there is nothing to import. */
export async function previewImport(folders: readonly string[], options: PreviewOptions = {}): Promise<ImportPreview> {
  const found = await countSources(folders, options)
  if (found.photos === 0) throw noPhotos(folders, found.skipped)
  const { otherLayout: layout, ...counts } = found
  if (layout === null) return { ...counts, other: null }
  const { classes, splits } = await countSources(folders, { ...options, layout })
  return { ...counts, other: { layout, classes, splits } }
}

async function countSources(
  folders: readonly string[],
  { layout, signal }: PreviewOptions,
): Promise<Omit<ImportPreview, 'other'> & { otherLayout: ImportLayout | null }> {
  const classes = new Map<string, number>()
  const splits = new Map<SplitName, number>()
  const skippedFolders: SkippedFolder[] = []
  let [photos, skipped, otherLayout] = [0, 0, null as ImportLayout | null]
  const asClass = await areClasses(folders)
  for (const folder of folders) {
    const files = listSource(folder, {
      layout,
      signal,
      asClass,
      onLayout: ({ other }) => (otherLayout = asClass ? null : (other ?? otherLayout)),
      onSkippedFolder: skip => skippedFolders.length < shownFolders && skippedFolders.push(skip),
    })
    for await (const file of files) {
      if (file === null) skipped++
      else photos++
      if (file?.className != null) add(classes, file.className)
      if (file?.split != null) add(splits, file.split)
    }
  }
  return {
    photos,
    skipped,
    skippedFolders,
    otherLayout,
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
