// What can be imported: a folder of photos, a list of them, a ZIP of folders, single photos. Each gives the same steps
// (steps.ts), and notes of what was taken for granted.

import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import type { ImportLayout, ImportNote } from '../../../contract/records.ts'
import { withoutHiddenSigns } from '../../common/hidden-signs.ts'
import { openZip } from '../../formats/zip.ts'
import { hasImageExtension, mayBePhoto } from '../files/file-kinds.ts'
import { splitOfName } from '../files/split-names.ts'
import { sortEntries, unpackZip, type SortedEntries, type Unpacking } from '../files/unpack.ts'
import type { FileTree } from '../lists/file-tree.ts'
import { readPhotoList, type PhotoList } from '../lists/photo-list.ts'
import type { LayoutReading } from './layout.ts'
import { listNotes, zipNotes } from './notes.ts'
import { placePaths } from './place-paths.ts'
import { scanFolder } from './scan.ts'
import { isPhoto, isSkipped, type ScanStep } from './steps.ts'

type SourceKind = 'folder' | 'csv' | 'zip' | 'photo' | 'other'

/** By its name, for files a picker offers; null for what is no source. */
export function fileSourceKind(name: string): 'csv' | 'zip' | null {
  const extension = extname(name).toLowerCase()
  return extension === '.csv' || extension === '.tsv' ? 'csv' : extension === '.zip' ? 'zip' : null
}

export interface OpenSource {
  readonly kind: SourceKind
  /** Photos lie in or below it, except those a list names elsewhere. */
  readonly folder: string
  /** Photos by absolute paths; those of an archive that is only looked at as if it were a folder. */
  readonly steps: AsyncIterable<ScanStep> | Iterable<ScanStep>
  readonly list: PhotoList | null
  readonly notes: readonly ImportNote[]
}

/** How a source is read. */
export interface SourceOptions {
  /** Which way folder names are read that allow two; default: the likelier. */
  readonly layout?: ImportLayout | undefined
  readonly onLayout?: ((reading: LayoutReading) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Sources that are a class themselves: their photos get their name (see `sourcesThatAreClasses`). */
  readonly classes?: ReadonlySet<string> | undefined
  /** Folders of photos that the paths of a list may begin in. */
  readonly bases?: readonly string[] | undefined
  /** Where these are looked up; default: on the disk. */
  readonly tree?: FileTree | undefined
  /** Where an archive is unpacked; without it, it is only looked at. */
  readonly unpack?: { readonly folder: string; readonly by: Unpacking } | undefined
}

/** ServiceError where the source is missing or no source, and those of its kind. */
export async function openSource(path: string, options: SourceOptions = {}): Promise<OpenSource> {
  const kind = await sourceKind(path)
  const plain = { kind, folder: kind === 'folder' ? resolve(path) : resolve(path, '..'), list: null, notes: [] }
  const { layout, onLayout, signal } = options
  const named = (steps: AsyncIterable<ScanStep>) => (options.classes?.has(path) ? labelled(steps, nameOf(path)) : steps)
  if (kind === 'csv') return openList(path, options)
  if (kind === 'zip') return openArchive(path, options, named)
  if (kind === 'folder')
    return { ...plain, steps: named(absolute(plain.folder, scanFolder(path, { layout, onLayout, signal }))) }
  if (kind === 'photo') return { ...plain, steps: [{ path: resolve(path), className: null, split: null }] }
  return { ...plain, steps: [{ path: resolve(path), skipped: 'not-a-photo' }] }
}

async function openList(path: string, { bases = [], tree, signal }: SourceOptions): Promise<OpenSource> {
  const list = await readPhotoList(resolve(path), bases, signal, tree)
  const notes = listNotes(basename(path), list)
  return { kind: 'csv', folder: resolve(path, '..'), steps: list.photos, list, notes }
}

async function openArchive(
  path: string,
  { unpack, layout, onLayout, signal }: SourceOptions,
  named: (steps: AsyncIterable<ScanStep>) => AsyncIterable<ScanStep>,
): Promise<OpenSource> {
  const { entries, notes } = await lookInto(path)
  const rest = { kind: 'zip', list: null, notes } as const
  const others: ScanStep[] = [...entries.skipped, ...entries.leftOut.map(leftOut => ({ leftOut }))]
  if (unpack) {
    const folder = await unpackZip(path, unpack.folder, unpack.by)
    const scanned = scanFolder(folder, { layout, onLayout, signal, name: nameOf(path) })
    return { ...rest, folder, steps: followed(named(absolute(folder, scanned)), others) }
  }
  const names = entries.photos.map(({ name }) => name)
  const placed = placePaths(names, nameOf(path), layout, onLayout)
  return { ...rest, folder: resolve(path, '..'), steps: followed(named(absolute(resolve(path), placed)), others) }
}

export async function lookInto(path: string): Promise<{ entries: SortedEntries; notes: ImportNote[] }> {
  const zip = await openZip(path)
  try {
    return { entries: sortEntries(zip), notes: zipNotes(basename(path), zip) }
  } finally {
    await zip.close()
  }
}

/**
 * Which of these sources are one class each, as `import photos/*` and a ZIP for each class give them: those of mere
 * photos; and where one of them lies in the same folder as all the others, these too, whatever lies in them. Splits are
 * none.
 */
export async function sourcesThatAreClasses(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const kinds = new Map<string, SourceKind>()
  for (const path of paths) kinds.set(path, await sourceKind(path))
  const sources = paths.filter(path => kinds.get(path) === 'folder' || kinds.get(path) === 'zip')
  if (sources.length < 2 || sources.every(path => splitOfName(nameOf(path)))) return new Set()
  const held = new Map<string, SourceContent>()
  for (const path of sources)
    held.set(path, kinds.get(path) === 'zip' ? await heldByZip(path) : await heldByFolder(path))
  const mere = sources.filter(path => held.get(path)!.photos && !held.get(path)!.folders)
  const hasSplits = sources.some(path => splitOfName(nameOf(path)) && held.get(path)!.folders)
  const together = new Set(sources.map(path => dirname(resolve(path)))).size === 1
  const holding = sources.filter(path => held.get(path)!.photos || held.get(path)!.folders)
  return new Set(together && !hasSplits && mere.length * 2 >= holding.length && mere.length > 0 ? sources : mere)
}

interface SourceContent {
  readonly photos: boolean
  readonly folders: boolean
}

async function heldByFolder(path: string): Promise<SourceContent> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  const held = { photos: false, folders: false }
  for (const entry of entries.filter(({ name }) => !name.startsWith('.'))) {
    // Links are what they lead to: a folder of links to class folders is no class.
    const target = entry.isSymbolicLink() ? await stat(join(path, entry.name)).catch(() => null) : entry
    if (target?.isDirectory()) held.folders = true
    else if (mayBePhoto(entry.name)) held.photos = true
  }
  return held
}

async function heldByZip(path: string): Promise<SourceContent> {
  const { photos } = (await lookInto(path)).entries
  const inFolders = photos.filter(({ name }) => name.includes('/')).length
  return { photos: inFolders < photos.length, folders: inFolders > 0 }
}

async function* labelled(steps: AsyncIterable<ScanStep>, name: string): AsyncGenerator<ScanStep, void> {
  for await (const step of steps)
    yield isPhoto(step) ? { ...step, className: withoutHiddenSigns(name), split: null } : step
}

async function* followed(steps: AsyncIterable<ScanStep>, others: readonly ScanStep[]): AsyncGenerator<ScanStep, void> {
  yield* steps
  yield* others
}

async function* absolute(folder: string, steps: AsyncIterable<ScanStep>): AsyncGenerator<ScanStep, void> {
  for await (const step of steps)
    yield isPhoto(step) || isSkipped(step) ? { ...step, path: join(folder, step.path) } : step
}

/** A source's name for people: the folder's, or the archive's without its ending. */
function nameOf(path: string): string {
  return basename(resolve(path), fileSourceKind(path) ? extname(path) : '')
}

/** A missing path counts as a folder: the scan says in a sentence that there is none. */
async function sourceKind(path: string): Promise<SourceKind> {
  const isFile = (await stat(path).catch(() => null))?.isFile() ?? false
  if (!isFile) return 'folder'
  return fileSourceKind(path) ?? (hasImageExtension(path) ? 'photo' : 'other')
}

/** ServiceError 'not-a-folder' where the only thing to import is a file of no use; beside others it is passed over. */
export async function checkSources(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (paths.length > 1 || (await sourceKind(path)) !== 'other') continue
    throw new ServiceError(
      'not-a-folder',
      `${path} is a file, not a folder.`,
      'Choose the folder that holds your photos, a CSV that lists them, or a ZIP of folders.',
    )
  }
}
