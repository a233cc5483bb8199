// Walks a folder of photos and says of each file where it is, which class its folder gives it and which split. Reads
// names only. Class: the first folder below the chosen one, or below a train/validation/test folder there. Names are
// compared in NFC, so the same Hangul class from two machines is one class. Hidden files, libraries, linked folders and
// special files are passed over.

import { opendir, stat } from 'node:fs/promises'
import type { Dirent } from 'node:fs'
import { basename, join } from 'node:path'
import type { SplitName } from '../../../contract/records.ts'
import { ServiceError } from '../../../contract/errors.ts'
import { libraryExtension, mayBePhoto } from '../files/file-kinds.ts'

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

/** The split a folder or a line of a list means by this name; null for any other name. */
export function splitOfName(name: string): SplitName | null {
  return splitNames[name.toLowerCase()] ?? null
}

/** A photo to be, or `null` for a file that was passed over because it is clearly no photo. */
export type ScanStep = ScannedFile | null

const splitNames: Readonly<Record<string, SplitName>> = {
  __proto__: null as never,
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  test: 'test',
  testing: 'test',
}

interface Place {
  readonly path: string
  readonly className: string | null
  readonly split: SplitName | null
  /** A folder here names the split or, once that is settled, the class. */
  readonly open: 'split-or-class' | 'class' | 'nothing'
}

/**
 * Files in the order of their paths. `name` stands for the folder's own where that is another.
 * ServiceError 'folder-missing' or 'folder-unreadable' when the folder itself cannot be read.
 */
export async function* scanFolder(
  folder: string,
  signal?: AbortSignal,
  name = basename(folder),
): AsyncGenerator<ScanStep, void> {
  const wrapper = await throughWrapper(folder)
  const own = splitOfName(wrapper === '' ? name : wrapper)
  yield* walk(folder, { path: wrapper, className: null, split: own, open: own ? 'class' : 'split-or-class' }, signal)
}

/** The same rules for a list of paths with '/' between folders, as an archive has them. */
export function placePaths(paths: readonly string[], name: string): ScannedFile[] {
  const wrapper = commonWrapper(paths)
  const own = splitOfName(wrapper === '' ? name : wrapper)
  return paths.map(path => {
    const folders = path.split('/').slice(wrapper === '' ? 0 : 1, -1)
    const start: Place = { path: '', className: null, split: own, open: own ? 'class' : 'split-or-class' }
    const { className, split } = folders.reduce((place, folder) => below(place, folder, folder), start)
    return { path, className, split }
  })
}

function commonWrapper(paths: readonly string[]): string {
  const first = paths[0]?.split('/')[0] ?? ''
  const wraps = !splitOfName(first) && paths.every(path => path.startsWith(`${first}/`) && path.split('/').length > 2)
  return wraps ? first : ''
}

async function* walk(folder: string, place: Place, signal?: AbortSignal): AsyncGenerator<ScanStep, void> {
  for (const entry of await readFolder(join(folder, place.path), place.path === '')) {
    signal?.throwIfAborted()
    const path = place.path === '' ? entry.name : join(place.path, entry.name)
    if (entry.isDirectory()) yield* walk(folder, below(place, path, entry.name), signal)
    else if (!(await isRegularFile(entry, join(folder, path)))) continue
    else yield mayBePhoto(entry.name) ? { path, className: place.className, split: place.split } : null
  }
}

function below(place: Place, path: string, name: string): Place {
  const split = place.open === 'split-or-class' ? splitOfName(name) : null
  if (split) return { path, className: null, split, open: 'class' }
  if (place.open === 'nothing') return { ...place, path }
  return { path, className: name.normalize('NFC'), split: place.split, open: 'nothing' }
}

/** Visible entries by name. A sub-folder that may not be read is passed over; the chosen folder itself must be
 *  readable. */
async function readFolder(path: string, chosen: boolean): Promise<Dirent[]> {
  try {
    const entries: Dirent[] = []
    for await (const entry of await opendir(path, { bufferSize: 1000 })) {
      if (!entry.name.startsWith('.') && !entry.name.endsWith(libraryExtension)) entries.push(entry)
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (chosen) throw folderError(error, path)
    return []
  }
}

/** A link to a file counts, a link to a folder does not; file systems that do not tell the kind are asked again. */
async function isRegularFile(entry: Dirent, path: string): Promise<boolean> {
  if (entry.isFile()) return true
  if (entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice()) return false
  return (await stat(path).catch(() => null))?.isFile() ?? entry.isSymbolicLink()
}

/** 'photos' where the folder holds nothing but one folder of folders (an unpacked archive): its path below, else ''. */
async function throughWrapper(folder: string): Promise<string> {
  const entries = await readFolder(folder, true)
  const folders = entries.filter(entry => entry.isDirectory())
  if (folders.length !== 1 || entries.some(entry => !entry.isDirectory() && mayBePhoto(entry.name))) return ''
  const only = folders[0]!.name
  if (splitOfName(only)) return ''
  const inner = await readFolder(join(folder, only), false)
  const wraps =
    inner.some(entry => entry.isDirectory()) && !inner.some(entry => !entry.isDirectory() && mayBePhoto(entry.name))
  return wraps ? only : ''
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
