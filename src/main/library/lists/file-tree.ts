// Folders as a list's paths are looked up in them: those of the disk, or those that the photos of a library make. A
// folder is read once; its names are found as they are written, otherwise composed, in other capitals, or without the
// ending of an image.

import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { hasImageExtension, isSystemFolder, libraryExtension } from '../files/file-kinds.ts'

export interface FileTree {
  /** Null where there is no such folder, or it may not be read. */
  folder(path: string): Promise<TreeFolder | null> | TreeFolder | null
}

/** What a name may stand for: one entry, several that fit it equally, or none. */
export type NamedEntry = string | 'several' | null

export class TreeFolder {
  readonly #files: Names
  readonly #folders: Names
  #stems: Names | null = null

  constructor(files: readonly string[], folders: readonly string[]) {
    this.#files = new Names(files)
    this.#folders = new Names(folders)
  }

  get files(): readonly string[] {
    return this.#files.all
  }

  get folders(): readonly string[] {
    return this.#folders.all
  }

  folderNamed(name: string): NamedEntry {
    return this.#folders.find(name)
  }

  /** Also an image by its name without the ending, where no file is called so. */
  fileNamed(name: string): NamedEntry {
    const found = this.#files.find(name)
    if (found !== null) return found
    this.#stems ??= new Names(this.files.filter(hasImageExtension), withoutEnding)
    return this.#stems.find(name)
  }
}

/** A file's name without its ending. */
export function withoutEnding(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? name : name.slice(0, dot)
}

/** Letters alike in any composition and in capitals or not. */
export function caseFolded(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

class Names {
  readonly all: readonly string[]
  readonly #byKey: ReadonlyMap<string, readonly string[]>
  readonly #keyOf: (name: string) => string

  constructor(all: readonly string[], keyOf: (name: string) => string = name => name) {
    this.all = all
    this.#keyOf = keyOf
    this.#byKey = Map.groupBy(all, name => caseFolded(keyOf(name)))
  }

  find(name: string): NamedEntry {
    const like = this.#byKey.get(caseFolded(name)) ?? []
    const composed = (one: string) => this.#keyOf(one).normalize('NFC')
    const narrower = [
      like,
      like.filter(one => composed(one) === name.normalize('NFC')),
      like.filter(one => one === name),
    ]
    for (const names of narrower) if (names.length === 1) return names[0]!
    return like.length === 0 ? null : 'several'
  }
}

/** Links are what they lead to. */
export function diskTree(): FileTree {
  const read = new Map<string, Promise<TreeFolder | null>>()
  return {
    folder(path) {
      const known = read.get(path) ?? readFolder(path).catch(() => null)
      read.set(path, known)
      return known
    },
  }
}

async function readFolder(path: string): Promise<TreeFolder> {
  const [files, folders]: [string[], string[]] = [[], []]
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const target = entry.isSymbolicLink() ? await stat(join(path, entry.name)).catch(() => null) : entry
    if (target?.isDirectory()) folders.push(entry.name)
    else if (target?.isFile()) files.push(entry.name)
  }
  return new TreeFolder(files, folders)
}

/** The folders that these files lie in. */
export function treeOfFiles(paths: Iterable<string>): FileTree {
  const entries = new Map<string, { files: string[]; folders: Set<string> }>()
  const at = (folder: string) => {
    const known = entries.get(folder)
    if (known) return known
    const made = { files: [], folders: new Set<string>() }
    entries.set(folder, made)
    if (dirname(folder) !== folder) at(dirname(folder)).folders.add(basename(folder))
    return made
  }
  for (const path of paths) at(dirname(path)).files.push(basename(path))
  const folders = new Map([...entries].map(([path, own]) => [path, new TreeFolder(own.files, [...own.folders])]))
  return { folder: path => folders.get(path) ?? null }
}

/** Several as one: a folder is the first's that has it. */
export function joinedTrees(trees: readonly FileTree[]): FileTree {
  return {
    async folder(path) {
      for (const tree of trees) {
        const found = await tree.folder(path)
        if (found) return found
      }
      return null
    },
  }
}

/** Every image below a folder, as absolute paths; at most `most` files are looked at. Links are not followed. */
export async function imagesBelow(tree: FileTree, folder: string, most: number): Promise<string[]> {
  const found: string[] = []
  const waiting = [folder]
  const seen = new Set(waiting)
  for (let path = waiting.pop(); path !== undefined && found.length < most; path = waiting.pop()) {
    const here = await tree.folder(path)
    for (const file of here?.files ?? []) if (hasImageExtension(file)) found.push(join(path, file))
    for (const name of here?.folders ?? []) {
      const below = join(path, name)
      if (name.startsWith('.') || isSystemFolder(name) || name.endsWith(libraryExtension) || seen.has(below)) continue
      if (below.length > 4000) continue
      seen.add(below)
      waiting.push(below)
    }
  }
  return found
}
