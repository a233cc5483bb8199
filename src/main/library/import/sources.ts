// What can be imported: a folder of photos, a CSV that lists them, a ZIP of folders. Each gives the same stream of
// files; `null` is a file that was passed over because it is clearly no photo.

import { stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import { placePaths, scanFolder, type ScannedFile, type SourceFile } from './scan.ts'
import { scanCsv } from './scan-csv.ts'
import { photoEntries, unpackZip, type Unpacking } from '../files/unpack.ts'
import { openZip } from '../../formats/zip.ts'

export type SourceKind = 'folder' | 'csv' | 'zip'

/** By its name, for files a picker offers; null for what is no source. */
export function fileSourceKind(name: string): Exclude<SourceKind, 'folder'> | null {
  const extension = extname(name).toLowerCase()
  return extension === '.csv' || extension === '.tsv' ? 'csv' : extension === '.zip' ? 'zip' : null
}

export interface OpenSource {
  /** Photos lie in or below it, except those a CSV names elsewhere. */
  readonly folder: string
  readonly files: AsyncIterable<SourceFile | null>
}

/** For an import: a ZIP is unpacked below `importsFolder`. ServiceError where the source is missing or no source. */
export async function openSource(path: string, importsFolder: string, by: Unpacking): Promise<OpenSource> {
  const kind = await sourceKind(path)
  if (kind === 'csv') return { folder: resolve(path, '..'), files: scanCsv(resolve(path)) }
  const folder = kind === 'zip' ? await unpackZip(path, importsFolder, by) : resolve(path)
  const name = kind === 'zip' ? basename(path, extname(path)) : undefined
  return { folder, files: absolute(folder, scanFolder(folder, by.signal, name)) }
}

/** For a preview: nothing is unpacked. Names alone, not paths. */
export async function* listSource(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<SourceFile | ScannedFile | null, void> {
  const kind = await sourceKind(path)
  if (kind === 'csv') yield* scanCsv(resolve(path))
  else if (kind === 'folder') yield* scanFolder(path, signal)
  else yield* listZip(path)
}

async function* listZip(path: string): AsyncGenerator<ScannedFile | null, void> {
  const zip = await openZip(path)
  try {
    const photos = photoEntries(zip)
    const others = zip.entries.filter(({ name }) => !name.endsWith('/')).length - photos.length
    yield* placePaths(
      photos.map(({ name }) => name),
      basename(path, extname(path)),
    )
    for (let i = 0; i < others; i++) yield null
  } finally {
    await zip.close()
  }
}

async function* absolute(
  folder: string,
  files: AsyncIterable<ScannedFile | null>,
): AsyncGenerator<SourceFile | null, void> {
  for await (const file of files) yield file && { ...file, path: join(folder, file.path) }
}

/** A missing path counts as a folder: the scan says in a sentence that there is none. */
async function sourceKind(path: string): Promise<SourceKind> {
  const isFile = (await stat(path).catch(() => null))?.isFile() ?? false
  if (!isFile) return 'folder'
  const kind = fileSourceKind(path)
  if (kind) return kind
  throw new ServiceError(
    'not-a-folder',
    `${path} is a file, not a folder.`,
    'Choose the folder that holds your photos, a CSV that lists them, or a ZIP of folders.',
  )
}
