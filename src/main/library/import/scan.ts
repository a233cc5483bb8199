// Walks a folder of photos and says of each file where it is, which class and which split its folders give it
// (layout.ts). Reads names only. Hidden files, libraries, system folders, special files and names that are no text are
// passed over with their reason (steps.ts), so that nobody misses a class without a word. Links to folders are followed
// once, as data sets made of links are normal.

import { opendir, realpath, stat } from 'node:fs/promises'
import type { Dirent } from 'node:fs'
import { basename, join, sep } from 'node:path'
import type { ImportLayout, SkippedFolder } from '../../../contract/records.ts'
import { ServiceError } from '../../../contract/errors.ts'
import { folderReasonByName, libraryExtension, mayBePhoto, reasonByName } from '../files/file-kinds.ts'
import { badNames, countFiles } from '../files/count-files.ts'
import { placeIn, readLayout, type FolderNames, type Layout, type LayoutReading } from './layout.ts'
import type { ScanStep } from './steps.ts'

export interface ScanOptions {
  readonly signal?: AbortSignal | undefined
  /** Stands for the folder's own name where that is another. */
  readonly name?: string | undefined
  /** How names that allow two readings are read; default: the likelier way. */
  readonly layout?: ImportLayout | undefined
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
  readonly kind: 'folder' | 'linked-folder' | 'file' | 'special' | 'bad-name'
  /** Of a bad name: whether it is that of a folder. */
  readonly isFolder?: boolean
}

async function* walk(scan: Scan, folders: readonly string[], layout: Layout): AsyncGenerator<ScanStep, void> {
  const { className, split } = placeIn(layout, folders)
  const entries = await readEntries(scan, folders)
  if ('reason' in entries) return yield { leftOut: entries }
  for (const entry of entries.list) {
    scan.options.signal?.throwIfAborted()
    const path = join(...folders, entry.name)
    if (entry.kind === 'folder' || entry.kind === 'linked-folder') {
      const reason = await reasonToSkip(scan, path, entry)
      if (reason === null) yield* walk(scan, [...folders, entry.name], layout)
      else if (reason !== 'library') yield { leftOut: await leftOut(scan, path, reason) }
    } else if (entry.isFolder) yield { leftOut: { path, reason: 'bad-name', files: null } }
    else {
      const reason = entry.kind === 'file' ? reasonByName(entry.name) : entry.kind
      yield reason === null ? { path, className, split } : { path, skipped: reason }
    }
  }
}

async function leftOut(scan: Scan, path: string, reason: SkippedFolder['reason']): Promise<SkippedFolder> {
  const isElsewhere = reason === 'linked-twice' || reason === 'unreadable'
  return { path, reason, files: isElsewhere ? null : await countFiles(join(scan.folder, path)) }
}

async function namesIn(scan: Scan, path: readonly string[]): Promise<FolderNames> {
  const entries = await readEntries(scan, path)
  const list = 'reason' in entries ? [] : entries.list
  const visible = list.filter(({ name }) => !name.startsWith('.') && !name.endsWith(libraryExtension))
  return {
    folders: visible
      .filter(({ name, kind }) => kind.endsWith('folder') && folderReasonByName(name) === null)
      .map(({ name }) => name),
    photos: visible.some(({ name, kind }) => kind === 'file' && mayBePhoto(name)),
  }
}

/** Entries by name. For a sub-folder that may not be read the reason; the chosen folder must be readable. */
async function readEntries(
  scan: Scan,
  path: readonly string[],
): Promise<{ readonly list: readonly FolderEntry[] } | SkippedFolder> {
  const folder = join(scan.folder, ...path)
  try {
    const found: FolderEntry[] = []
    let doubtful = 0
    for await (const entry of await opendir(folder, { bufferSize: 1000 })) {
      if (entry.name.includes('\uFFFD')) doubtful++
      else found.push({ name: entry.name, kind: await kindOf(entry, join(folder, entry.name)) })
    }
    if (doubtful > 0) found.push(...(await entriesOfBadNames(folder)))
    return { list: found.sort((a, b) => (a.name < b.name ? -1 : 1)) }
  } catch (error) {
    if (path.length === 0) throw folderError(error, folder)
    return { path: join(...path), reason: unreadableReason(error), files: null }
  }
}

/** Names whose bytes are no text cannot be asked for again; a name that holds the sign for that itself can. */
async function entriesOfBadNames(folder: string): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = []
  for (const { name, shown, isText, entry } of await badNames(folder)) {
    if (isText) entries.push({ name, kind: await kindOf(entry, join(folder, name)) })
    else entries.push({ name: shown, kind: 'bad-name', isFolder: entry.isDirectory() })
  }
  return entries
}

/** Links are what they lead to; a link that leads nowhere counts as a file, which the decoder then says is missing. */
async function kindOf(
  entry: Pick<
    Dirent,
    `is${'File' | 'Directory' | 'FIFO' | 'Socket' | 'BlockDevice' | 'CharacterDevice' | 'SymbolicLink'}`
  >,
  path: string,
): Promise<FolderEntry['kind']> {
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
  { name, kind }: FolderEntry,
): Promise<SkippedFolder['reason'] | 'library' | null> {
  if (name.endsWith(libraryExtension)) return 'library'
  const byName = folderReasonByName(name)
  if (byName !== null) return byName
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
