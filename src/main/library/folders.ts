// The folder picker of a page that may not know paths: ids stand for folders the person has been shown, and only those.
// The root holds the home folder and whatever the host was given by drop, dialog or command line. An id is a random word that
// means something only in this session.

import { randomUUID } from 'node:crypto'
import { readdir, realpath, stat } from 'node:fs/promises'
import type { Dirent } from 'node:fs'
import { basename, join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import type { Folder } from '../../contract/records.ts'
import { looksLikeImage } from './file-kinds.ts'
import { fileSourceKind } from './sources.ts'

export interface Folders {
  /** The folder of this id, or the root for null. */
  list(id: string | null): Promise<Folder>
  /** Gives the id of a folder, CSV or ZIP from a drop, a dialog or a command; folders are shown in the root from then on. */
  grant(path: string): Promise<string>
  /** ServiceError 'no-folder' for an id that was never given out. */
  pathOf(id: string): string
}

interface Known {
  readonly path: string
  readonly name: string
  readonly parentId: string
}

const rootId = 'root'
const byName = new Intl.Collator(undefined, { numeric: true }).compare

export function createFolders(home: string): Folders {
  const known = new Map<string, Known>()
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

  function find(id: string): Known {
    const folder = known.get(id)
    if (!folder) throw new ServiceError('no-folder', 'That folder is not known any more.', 'Choose the folder again.')
    return folder
  }

  async function listOne(id: string): Promise<Folder> {
    const { path, name, parentId } = find(id)
    const entries = await visible(path)
    const folders = entries.filter(entry => entry.isDirectory()).map(entry => entry.name).sort(byName)
    return {
      id, name, parentId,
      entries: folders.map(entry => ({ id: remember(join(path, entry), id), name: entry.normalize('NFC') })),
      imageFiles: entries.filter(entry => !entry.isDirectory() && looksLikeImage(entry.name)).length,
      files: entries.filter(entry => entry.isFile()).map(entry => entry.name).sort(byName).flatMap(file => {
        const kind = fileSourceKind(file)
        return kind ? [{ id: remember(join(path, file), id), name: file.normalize('NFC'), kind }] : []
      }),
    }
  }

  return {
    list: async id => id !== null && id !== rootId
      ? listOne(id)
      : { id: rootId, name: '', parentId: null, entries: top.map(entry => ({ id: entry, name: find(entry).name })), imageFiles: 0 },
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
    throw new ServiceError('folder-unreadable', `The folder ${basename(path)} cannot be read (${code}).`, 'Give your account permission to read it, or choose another folder.')
  }
}
