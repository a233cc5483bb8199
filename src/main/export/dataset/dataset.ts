// The cleaned data set for other software as copies in a folder, in the layout that is asked for. Those of the format "folder"
// can be imported again and give the same classes and splits.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import type { CopyFormatName } from '../../../contract/export-formats.ts'
import { translateError } from '../../db/errors.ts'
import type { JobControl, LibraryContext } from '../../library/context.ts'
import { labelRevision } from '../../library/decisions/history.ts'
import { beginCopies, openCopies, type Copies, type CopiesPlace } from './copies.ts'
import { datasetLayouts, type CopiedPhoto, type DatasetLayout } from './dataset-layouts.ts'
import { readDataset, type DatasetPhoto } from './dataset-photos.ts'
import { isTraining, variantsOf, type VariantsOfPhotos } from './variants.ts'
import { writeShards } from './webdataset.ts'

/** What stands in the row of the job. */
export interface DatasetParams extends CopiesPlace {
  /** Default folder. */
  readonly format?: CopyFormatName | undefined
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
  const { format = 'folder' } = params
  return format === 'webdataset' ? shardWork(context, params) : copyWork(context, params, datasetLayouts[format])
}

function shardWork(context: LibraryContext, params: DatasetParams): (control: JobControl) => Promise<void> {
  let begun: { photos: DatasetPhoto[]; copies: Promise<Copies> } | null = null
  return async control => {
    begun ??= {
      photos: readDataset(context.library.db),
      copies: beginCopies(context, control.jobId, openDataset(context, params)),
    }
    const { folder } = await begun.copies
    await writeShards(folder, begun.photos, control)
  }
}

function copyWork(
  context: LibraryContext,
  params: DatasetParams,
  { subFolders, besides }: DatasetLayout,
): (control: JobControl) => Promise<void> {
  const wanted = params.variants
  const list: CopiedPhoto[] = []
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
      const copied = await copy(path, subFolders({ label, split })).catch(passOver)
      if (copied !== null) list.push({ copy: copied, label, split })
      control.progress(next + 1, total)
      control.result({ copied: list.length, failed: next + 1 - list.length })
    }
    if (wanted) {
      for await (const { photo, key, files } of variantsOf(context, photos, wanted, varied, control.signal)) {
        for (const { name, bytes } of files)
          list.push({ copy: await write(name, bytes, subFolders(photo)), label: photo.label, split: photo.split })
        varied.add(key)
        control.progress(photos.length + varied.size, total)
        control.result({ variants: (written += files.length) })
      }
    }
    await writeBesides(folder, besides(list, context.library.name))
  }
}

async function writeBesides(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, ...name.split('/')), text).catch(error => {
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
