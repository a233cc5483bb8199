// The folder picker of a page that may not know paths: ids stand for folders the person has been shown, and only those.
// The root holds the home folder and whatever the host was given by drop, dialog or command line. An id is a random
// word that means something only in this session.

import { randomUUID } from 'node:crypto'
import { readdir, realpath, stat } from 'node:fs/promises'
import type { Dirent } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import type { Folder } from '../../contract/records.ts'
import { hasImageExtension } from '../library/files/file-kinds.ts'
import { isInside } from '../library/tables/roots.ts'
import { fileSourceKind } from '../library/import/sources.ts'

export interface Folders {
  /** The folder of this id, the root for null, or for 'last' the one listed last, also in an earlier session, where it
   *  is still there. */
  list(id: string | null): Promise<Folder>
  /** Gives the id of a folder, CSV or ZIP from a drop, a dialog or a command; folders are shown in the root from then
   *  on. */
  grant(path: string): Promise<string>
  /** ServiceError 'no-folder' for an id that was never given out. */
  pathOf(id: string): string
}

interface KnownFolder {
  readonly path: string
  readonly name: string
  readonly parentId: string
}

const rootId = 'root'
const byName = new Intl.Collator(undefined, { numeric: true }).compare

/** Where the path of the folder listed last is kept. */
export interface LastFolder {
  read(): string | null
  write(path: string): void
}

export function createFolders(home: string, last: LastFolder): Folders {
  const known = new Map<string, KnownFolder>()
  const idOf = new Map<string, string>()
  const top: string[] = [remember(home, rootId)]

  function remember(path: string, parentId: string): string {
    const old = idOf.get(path)
    if (old) return old
    const id = randomUUID()
    idOf.set(path, id)
    known.set(id, { path, name: (basename(path) || path).normalize('NFC'), parentId })
    return id
  }

  function find(id: string): KnownFolder {
    const folder = known.get(id)
    if (!folder) throw new ServiceError('no-folder', 'That folder is not known any more.', 'Choose the folder again.')
    return folder
  }

  /** With its parents up to the home folder, so that one can go up from it. */
  function rememberDeep(path: string): string {
    const isBelowHome = path !== home && isInside(path, home)
    return remember(path, isBelowHome ? rememberDeep(dirname(path)) : rootId)
  }

  async function listLast(): Promise<Folder> {
    const path = last.read()
    const isThere = path !== null && ((await stat(path).catch(() => null))?.isDirectory() ?? false)
    return isThere ? listOne(rememberDeep(path)).catch(listRoot) : listRoot()
  }

  async function listOne(id: string): Promise<Folder> {
    const { path, name, parentId } = find(id)
    const entries = await visible(path)
    if (path !== last.read()) last.write(path)
    const folders = entries
      .filter(entry => entry.isDirectory())
      .map(entry => entry.name)
      .sort(byName)
    return {
      id,
      name,
      parentId,
      entries: folders.map(entry => ({ id: remember(join(path, entry), id), name: entry.normalize('NFC') })),
      imageFiles: entries.filter(entry => !entry.isDirectory() && hasImageExtension(entry.name)).length,
      files: entries
        .filter(entry => entry.isFile())
        .map(entry => entry.name)
        .sort(byName)
        .flatMap(file => {
          const kind = fileSourceKind(file)
          return kind ? [{ id: remember(join(path, file), id), name: file.normalize('NFC'), kind }] : []
        }),
    }
  }

  const listRoot = (): Folder => ({
    id: rootId,
    name: '',
    parentId: null,
    entries: top.map(entry => ({ id: entry, name: find(entry).name })),
    imageFiles: 0,
  })

  return {
    list: async id => (id === 'last' ? listLast() : id !== null && id !== rootId ? listOne(id) : listRoot()),
    async grant(path) {
      const id = remember(await realpath(path).catch(() => path), rootId)
      const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false
      if (isFolder && !top.includes(id)) top.push(id)
      return id
    },
    pathOf: id => find(id).path,
  }
}

async function visible(path: string): Promise<Dirent[]> {
  try {
    return (await readdir(path, { withFileTypes: true })).filter(entry => !entry.name.startsWith('.'))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new ServiceError(
      'folder-unreadable',
      `The folder ${basename(path)} cannot be read (${code}).`,
      'Give your account permission to read it, or choose another folder.',
    )
  }
}
