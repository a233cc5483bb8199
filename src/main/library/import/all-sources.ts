// Several sources as one: lists first, so that a photo that a list names has the list's label also where its folder is
// imported beside it; and each photo once.

import { join, resolve } from 'node:path'
import type { ReadDb } from '../../db/database.ts'
import {
  checkSources,
  fileSourceKind,
  openSource,
  sourcesThatAreClasses,
  type OpenSource,
  type SourceOptions,
  lookInto,
} from './sources.ts'
import { unpackZip } from '../files/unpack.ts'
import { diskTree, joinedTrees, treeOfFiles, type FileTree } from '../lists/file-tree.ts'
import { isPhoto, type ScanStep } from './steps.ts'

/** Opens one after the other; `db`: paths of lists may also begin in the folders that the library has. */
export async function* openSources(
  paths: readonly string[],
  options: Omit<SourceOptions, 'classes' | 'bases'>,
  db: ReadDb | null,
): AsyncGenerator<OpenSource, void> {
  await checkSources(paths)
  const classes = await sourcesThatAreClasses(paths)
  const folders = paths.filter(path => fileSourceKind(path) === null).map(path => resolve(path))
  const archives = paths.some(isList) ? await archivesForLists(paths, options) : noArchives
  const bases = [...folders, ...archives.bases, ...(db?.values<string>('SELECT path FROM root') ?? [])]
  const listed = new Set<string>()
  for (const path of paths.toSorted((a, b) => +isList(b) - +isList(a))) {
    const onLayout = classes.has(path) ? undefined : options.onLayout
    const source = await openSource(path, { ...options, onLayout, classes, bases, tree: archives.tree })
    for (const { path: photo } of source.list?.photos ?? []) listed.add(photo)
    yield source.list || listed.size === 0 ? source : { ...source, steps: without(source.steps, listed) }
  }
}

interface Archives {
  readonly bases: readonly string[]
  readonly tree: FileTree | undefined
}
const noArchives: Archives = { bases: [], tree: undefined }

/** A list may speak of the photos in archives that are imported with it: unpacked first, or as the folders their names
 *  make. */
async function archivesForLists(paths: readonly string[], { unpack }: SourceOptions): Promise<Archives> {
  const zips = paths.filter(path => fileSourceKind(path) === 'zip')
  if (zips.length === 0) return noArchives
  if (unpack) {
    const bases: string[] = []
    for (const path of zips) bases.push(await unpackZip(path, unpack.folder, unpack.by))
    return { bases, tree: undefined }
  }
  const names: string[] = []
  for (const path of zips)
    names.push(...(await lookInto(path)).entries.photos.map(({ name }) => join(resolve(path), name)))
  return { bases: zips.map(path => resolve(path)), tree: joinedTrees([treeOfFiles(names), diskTree()]) }
}

function isList(path: string): boolean {
  return fileSourceKind(path) === 'csv'
}

async function* without(steps: OpenSource['steps'], listed: ReadonlySet<string>): AsyncGenerator<ScanStep, void> {
  for await (const step of steps) if (!isPhoto(step) || !listed.has(step.path)) yield step
}
