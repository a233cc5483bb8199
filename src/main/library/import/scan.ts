// Walks a folder of photos and says of each file where it is, which class and which split its folders give it
// (layout.ts). Reads names only. Hidden files, libraries, system folders and special files are passed over; a folder
// that is passed over is told with its reason, so that nobody misses a class without a word. Links to folders are
// followed once, as data sets made of links are normal.

import { opendir, realpath, stat } from 'node:fs/promises'
import type { Dirent } from 'node:fs'
import { basename, join, sep } from 'node:path'
import type { ImportLayout, SkippedFolder, SplitName } from '../../../contract/records.ts'
import { ServiceError } from '../../../contract/errors.ts'
import { isSystemFolder, libraryExtension, mayBePhoto } from '../files/file-kinds.ts'
import { placeIn, readLayout, type FolderNames, type Layout, type LayoutReading } from './layout.ts'

export interface ScannedFile {
  /** Relative to the scanned folder, exactly as on disk. */
  readonly path: string
  readonly className: string | null
  readonly split: SplitName | null
}

/** A photo to be, by its absolute path. */
export interface SourceFile {
  readonly path: string
  readonly className: string | null
  readonly split: SplitName | null
}

/** A photo to be, or `null` for a file that was passed over: clearly no photo by its name, hidden, or no plain file. */
export type ScanStep = ScannedFile | null

export interface ScanOptions {
  readonly signal?: AbortSignal | undefined
  /** Stands for the folder's own name where that is another. */
  readonly name?: string | undefined
  /** How names that allow two readings are read; default: the likelier way. */
  readonly layout?: ImportLayout | undefined
  readonly onSkippedFolder?: ((folder: SkippedFolder) => void) | undefined
  /** Told before the first file. */
  readonly onLayout?: ((reading: LayoutReading) => void) | undefined
}

/**
 * Files in the order of their paths. ServiceError 'folder-missing', 'not-a-folder' or 'folder-unreadable' when the
 * folder itself cannot be read.
 */
export async function* scanFolder(folder: string, options: ScanOptions = {}): AsyncGenerator<ScanStep, void> {
  const root = await realpath(folder).catch(() => folder)
  const scan: Scan = { folder, root, options, linked: new Set() }
  const reading = await readLayout(path => namesIn(scan, path), options.name ?? basename(folder), options.layout)
  options.onLayout?.(reading)
  yield* walk(scan, [], reading.layout)
}

/** The same for a list of paths with '/' between folders, as an archive has them. */
export async function placePaths(
  paths: readonly string[],
  name: string,
  layout?: ImportLayout,
  onLayout?: (reading: LayoutReading) => void,
): Promise<ScannedFile[]> {
  const tree = treeOf(paths)
  const reading = await readLayout(
    path => {
      const place = tree.get(path.join('/'))!
      return { folders: [...place.folders], photos: place.photos }
    },
    name,
    layout,
  )
  onLayout?.(reading)
  return paths.map(path => ({ path, ...placeIn(reading.layout, path.split('/').slice(0, -1)) }))
}

function treeOf(paths: readonly string[]): ReadonlyMap<string, { readonly folders: Set<string>; photos: boolean }> {
  const tree = new Map([['', { folders: new Set<string>(), photos: false }]])
  for (const path of paths) {
    const parts = path.split('/')
    for (let depth = 0; depth < parts.length - 1; depth++) {
      tree.get(parts.slice(0, depth).join('/'))!.folders.add(parts[depth]!)
      const below = parts.slice(0, depth + 1).join('/')
      if (!tree.has(below)) tree.set(below, { folders: new Set(), photos: false })
    }
    tree.get(parts.slice(0, -1).join('/'))!.photos = true
  }
  return tree
}

interface Scan {
  readonly folder: string
  /** The folder without links on the way to it. */
  readonly root: string
  readonly options: ScanOptions
  /** Real paths of folders that links have led to. */
  readonly linked: Set<string>
}

interface FolderEntry {
  readonly name: string
  readonly kind: 'folder' | 'linked-folder' | 'file' | 'special'
}

async function* walk(scan: Scan, folders: readonly string[], layout: Layout): AsyncGenerator<ScanStep, void> {
  const { className, split } = placeIn(layout, folders)
  for (const { name, kind } of await readEntries(scan, folders)) {
    scan.options.signal?.throwIfAborted()
    const below = [...folders, name]
    const path = join(...below)
    if (kind === 'folder' || kind === 'linked-folder') {
      const reason = await reasonToSkip(scan, path, name, kind)
      if (reason === null) yield* walk(scan, below, layout)
      else if (reason !== 'library') scan.options.onSkippedFolder?.({ path, reason })
    } else yield kind === 'file' && !name.startsWith('.') && mayBePhoto(name) ? { path, className, split } : null
  }
}

async function namesIn(scan: Scan, path: readonly string[]): Promise<FolderNames> {
  const entries = await readEntries(scan, path, false)
  const visible = entries.filter(({ name }) => !name.startsWith('.') && !name.endsWith(libraryExtension))
  return {
    folders: visible
      .filter(({ name, kind }) => kind.endsWith('folder') && !isSystemFolder(name))
      .map(({ name }) => name),
    photos: visible.some(({ name, kind }) => kind === 'file' && mayBePhoto(name)),
  }
}

/** Entries by name. A sub-folder that may not be read has none and is told of; the chosen folder must be readable. */
async function readEntries(scan: Scan, path: readonly string[], tell = true): Promise<FolderEntry[]> {
  const folder = join(scan.folder, ...path)
  try {
    const found: FolderEntry[] = []
    for await (const entry of await opendir(folder, { bufferSize: 1000 })) {
      found.push({ name: entry.name, kind: await kindOf(entry, join(folder, entry.name)) })
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (path.length === 0) throw folderError(error, folder)
    if (tell) scan.options.onSkippedFolder?.({ path: join(...path), reason: unreadableReason(error) })
    return []
  }
}

/** Links are what they lead to; a link that leads nowhere counts as a file, which the decoder then says is missing. */
async function kindOf(entry: Dirent, path: string): Promise<FolderEntry['kind']> {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  if (entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice()) return 'special'
  const target = await stat(path).catch(() => null)
  if (target === null) return entry.isSymbolicLink() ? 'file' : 'special'
  if (target.isDirectory()) return entry.isSymbolicLink() ? 'linked-folder' : 'folder'
  return target.isFile() ? 'file' : 'special'
}

/** Why a folder is not looked into; null where it is. A library among the photos is no loss, so it is not told of. */
async function reasonToSkip(
  scan: Scan,
  path: string,
  name: string,
  kind: FolderEntry['kind'],
): Promise<SkippedFolder['reason'] | 'library' | null> {
  if (name.endsWith(libraryExtension)) return 'library'
  if (name.startsWith('.')) return 'hidden'
  if (isSystemFolder(name)) return 'system'
  if (kind === 'folder') return null
  const target = await realpath(join(scan.folder, path)).catch(() => null)
  if (target === null) return 'unreadable'
  const within = (inner: string, outer: string) => inner === outer || inner.startsWith(outer + sep)
  const seen =
    within(target, scan.root) || within(scan.root, target) || [...scan.linked].some(link => within(target, link))
  if (seen) return 'linked-twice'
  scan.linked.add(target)
  return null
}

function unreadableReason(error: unknown): SkippedFolder['reason'] {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return 'no-permission'
  return code === 'ENAMETOOLONG' ? 'path-too-long' : 'unreadable'
}

function folderError(error: unknown, path: string): ServiceError {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT')
    return new ServiceError(
      'folder-missing',
      `There is no folder at ${path}.`,
      'Check the path; if it is on another disk, connect it.',
    )
  if (code === 'ENOTDIR')
    return new ServiceError(
      'not-a-folder',
      `${path} is a file, not a folder.`,
      'Choose the folder that holds your photos.',
    )
  return new ServiceError(
    'folder-unreadable',
    `The folder ${path} cannot be read (${code ?? String(error)}).`,
    'Give your account permission to read it, then try again.',
  )
}
