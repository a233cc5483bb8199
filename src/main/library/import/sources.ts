// What can be imported: a folder of photos, a CSV that lists them, a ZIP of folders. Each gives the same stream of
// files; `null` is a file that was passed over because it is clearly no photo.

import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import { splitOfName } from './layout.ts'
import { placePaths, scanFolder, type ScannedFile, type ScanOptions, type SourceFile } from './scan.ts'
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

/** How a source is read where it could be read in several ways. */
export interface SourceOptions extends Pick<ScanOptions, 'layout' | 'onLayout' | 'onSkippedFolder'> {
  /** The source itself is a class: its photos get its name (see `areClasses`). */
  readonly asClass?: boolean | undefined
}

/** For an import: a ZIP is unpacked below `importsFolder`. ServiceError where the source is missing or no source. */
export async function openSource(
  path: string,
  importsFolder: string,
  by: Unpacking,
  options: SourceOptions = {},
): Promise<OpenSource> {
  const kind = await sourceKind(path)
  if (kind === 'csv') return { folder: resolve(path, '..'), files: scanCsv(resolve(path)) }
  const folder = kind === 'zip' ? await unpackZip(path, importsFolder, by) : resolve(path)
  const name = kind === 'zip' ? nameOf(path) : undefined
  const files = scanFolder(folder, { ...options, signal: by.signal, name })
  return { folder, files: absolute(folder, options.asClass ? labelled(files, nameOf(path)) : files) }
}

/** For a preview: nothing is unpacked. Names alone, not paths. */
export async function* listSource(
  path: string,
  options: SourceOptions & Pick<ScanOptions, 'signal'> = {},
): AsyncGenerator<SourceFile | ScannedFile | null, void> {
  const kind = await sourceKind(path)
  if (kind === 'csv') yield* scanCsv(resolve(path))
  else {
    const files = kind === 'folder' ? scanFolder(path, options) : listZip(path, options)
    yield* options.asClass ? labelled(files, nameOf(path)) : files
  }
}

/**
 * Whether each of these sources is one class, as `import photos/*` and a ZIP for each class give them: several folders
 * and archives that hold photos and no folders, and whose names are not all those of splits.
 */
export async function areClasses(paths: readonly string[]): Promise<boolean> {
  if (paths.length < 2 || paths.every(path => splitOfName(nameOf(path)))) return false
  for (const path of paths) if (!(await holdsOnlyPhotos(path))) return false
  return true
}

async function holdsOnlyPhotos(path: string): Promise<boolean> {
  const kind = await sourceKind(path)
  if (kind === 'csv') return false
  if (kind === 'folder') {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
    const visible = entries.filter(({ name }) => !name.startsWith('.'))
    // Links are what they lead to: a folder of links to class folders is no class.
    for (const entry of visible) {
      const target = entry.isSymbolicLink() ? await stat(join(path, entry.name)).catch(() => null) : entry
      if (target?.isDirectory()) return false
    }
    return visible.length > 0
  }
  const zip = await openZip(path)
  try {
    const photos = photoEntries(zip)
    return photos.length > 0 && photos.every(({ name }) => !name.includes('/'))
  } finally {
    await zip.close()
  }
}

async function* labelled(
  files: AsyncIterable<ScannedFile | null>,
  name: string,
): AsyncGenerator<ScannedFile | null, void> {
  for await (const file of files) yield file && { ...file, className: name.normalize('NFC'), split: null }
}

/** A source's name for people: the folder's, or the archive's without its ending. */
function nameOf(path: string): string {
  return basename(path, /\.(?:zip|csv|tsv)$/i.test(path) ? extname(path) : '')
}

async function* listZip(path: string, { layout, onLayout }: SourceOptions): AsyncGenerator<ScannedFile | null, void> {
  const zip = await openZip(path)
  try {
    const photos = photoEntries(zip)
    const others = zip.entries.filter(({ name }) => !name.endsWith('/')).length - photos.length
    const names = photos.map(({ name }) => name)
    yield* await placePaths(names, nameOf(path), layout, onLayout)
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
