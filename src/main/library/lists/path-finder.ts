// The one rule by which a path in a list means a file. It is taken as written, absolute or relative to the list's folder
// or a folder of photos, with either separator; then without the folders in front that another machine has; then as the
// end of the one path that ends so. Composition, capitals and the ending of an image may differ. What fits several files
// equally means none.

import { basename, dirname, join, parse, sep } from 'node:path'
import { hasImageExtension } from '../files/file-kinds.ts'
import { imagesBelow, caseFolded, withoutEnding, type FileTree } from './file-tree.ts'

export type FoundPath = { readonly path: string } | 'several' | null

export interface PathFinder {
  /** By its folders alone; nothing is searched. */
  findAsWritten(written: string): Promise<FoundPath>
  find(written: string): Promise<FoundPath>
}

const mostSearched = 1_000_000

/** `bases`: absolute folders that relative paths may begin in, the likeliest first. */
export function createPathFinder(tree: FileTree, bases: readonly string[]): PathFinder {
  const folders = [...new Set(bases)]
  let byStem: Promise<ReadonlyMap<string, readonly string[]>> | null = null
  const asWritten = (forms: readonly WrittenPath[]) => firstFound(forms, form => inFolders(tree, folders, form))
  return {
    findAsWritten: written => asWritten(formsOf(written)),
    async find(written) {
      const forms = formsOf(written)
      const found = await asWritten(forms)
      if (found !== null || forms.length === 0) return found
      const stems = await (byStem ??= imagesByStem(tree, folders))
      return firstFound(forms, path =>
        firstFound([path.parts, ...endsOf(path, 2)], async parts => byItsEnd(stems, parts)),
      )
    },
  }
}

interface WrittenPath {
  readonly absolute: boolean
  /** Folders and file, without '.' and drive. */
  readonly parts: readonly string[]
}

/** A backslash separates folders where the name as it is means nothing. */
function formsOf(written: string): WrittenPath[] {
  const text = written.trim().replace(/^file:\/\/(\/.*)$/i, (_, path: string) => decoded(path))
  if (text === '' || text.includes('\0') || /^[a-z]{2,}:\/\//i.test(text)) return []
  return [...new Set([text, text.replaceAll('\\', '/')])].map(form => {
    const plain = form.replace(/^[a-z]:(?=\/)/i, '')
    return {
      absolute: plain.startsWith('/'),
      parts: plain.split('/').filter(part => part !== '' && part !== '.'),
    }
  })
}

/** "a%20b.jpg" of an address. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

async function firstFound<T>(ways: readonly T[], look: (way: T) => Promise<FoundPath>): Promise<FoundPath> {
  for (const way of ways) {
    const found = await look(way)
    if (found !== null) return found
  }
  return null
}

async function inFolders(tree: FileTree, bases: readonly string[], path: WrittenPath): Promise<FoundPath> {
  const { absolute, parts } = path
  if (parts.length === 0) return null
  const starts = absolute ? [parse(bases[0] ?? sep).root] : bases
  return (
    (await firstFound(starts, base => descend(tree, base, parts))) ??
    (absolute ? null : await firstFound(bases, base => throughOwnName(tree, base, parts))) ??
    (await firstFound(endsOf(path), end => firstFound(bases, base => descend(tree, base, end))))
  )
}

/** Down from a folder, name by name. */
async function descend(tree: FileTree, from: string, parts: readonly string[]): Promise<FoundPath> {
  let at = from
  for (const part of parts.slice(0, -1)) {
    if (part === '..') at = dirname(at)
    else {
      const name = (await tree.folder(at))?.folderNamed(part) ?? null
      if (name === null || name === 'several') return name
      at = join(at, name)
    }
  }
  const file = (await tree.folder(at))?.fileNamed(parts.at(-1)!) ?? null
  return file === null || file === 'several' ? file : { path: join(at, file) }
}

/** "images/1.jpg" in a list about the folder images itself. */
async function throughOwnName(tree: FileTree, base: string, parts: readonly string[]): Promise<FoundPath> {
  const own = base.split(sep).filter(part => part !== '')
  const lengths = Array.from({ length: Math.min(own.length, parts.length - 1) }, (_, i) => i + 1)
  const fitting = lengths.filter(length =>
    own.slice(-length).every((name, i) => caseFolded(name) === caseFolded(parts[i]!)),
  )
  return firstFound(fitting.toReversed(), length => descend(tree, base, parts.slice(length)))
}

/** Without folders in front, the longest first. Of a relative path at least its last folder stays: "test/1.jpg" is no
 *  other folder's 1.jpg. */
function endsOf({ absolute, parts }: WrittenPath, least = absolute ? 1 : 2): string[][] {
  const ends: string[][] = []
  for (let from = 1; parts.length - from >= least; from++) ends.push(parts.slice(from))
  return ends.filter(end => !end.includes('..'))
}

async function imagesByStem(tree: FileTree, bases: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const paths = new Set<string>()
  for (const base of bases) {
    for (const path of await imagesBelow(tree, base, mostSearched - paths.size)) paths.add(path)
  }
  return Map.groupBy(paths, path => caseFolded(withoutEnding(basename(path))))
}

/** The one file whose path ends as it is written. */
function byItsEnd(byStem: ReadonlyMap<string, readonly string[]>, parts: readonly string[]): FoundPath {
  const [name, folders] = [parts.at(-1)!, parts.slice(0, -1).map(caseFolded)]
  const stem = hasImageExtension(name) ? withoutEnding(name) : name
  const fitting = (byStem.get(caseFolded(stem)) ?? []).filter(path => {
    const own = path.split(sep)
    const sameName = !hasImageExtension(name) || caseFolded(own.at(-1)!) === caseFolded(name)
    return sameName && folders.every((folder, i) => caseFolded(own.at(i - folders.length - 1) ?? '') === folder)
  })
  if (fitting.length === 1) return { path: fitting[0]! }
  const exact = fitting.filter(path => path.normalize('NFC').endsWith(`${sep}${parts.join(sep)}`.normalize('NFC')))
  if (exact.length === 1) return { path: exact[0]! }
  return fitting.length === 0 ? null : 'several'
}
