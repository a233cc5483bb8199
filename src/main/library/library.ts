// A library is a folder `<name>.winnow`: library.db (precious), runs/ (checkpoints), cache/ (thumbnails and pixels, may
// be deleted). Opening and making one; its id is given once and stays with it wherever the folder moves.

import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import { hasHiddenSigns } from '../common/hidden-signs.ts'
import { makePrivate, privateFolder } from '../common/private-files.ts'
import { translateError } from '../db/errors.ts'
import { openDatabase, type OpenDatabase } from '../db/open.ts'
import type { LibraryPaths, LibraryFiles } from './context.ts'
import { libraryExtension } from './files/file-kinds.ts'
import { isInside } from './tables/roots.ts'
import { forgetHalfUnpacked } from './files/unpack.ts'

export interface LibraryHandle {
  readonly library: LibraryFiles
  /** The last process that held it ended without closing it. */
  readonly unclean: boolean
  backUp(label: string): Promise<string>
  close(): void
}

/** Makes `<parent>/<name>.winnow`. ServiceError 'bad-name', 'library-exists', 'name-taken', 'library-not-writable'. */
export async function createLibrary(parent: string, name: string, now: () => Date): Promise<LibraryHandle> {
  const folder = libraryFolder(parent, name)
  const database = await openDatabase(folder, { create: true, now })
  await makePrivate(folder)
  return handleOf(folder, database)
}

/** Opens the library in `folder`; see db/open.ts for what can be wrong with it. */
export async function openLibrary(folder: string, now: () => Date): Promise<LibraryHandle> {
  const path = resolve(folder)
  const database = await openDatabase(path, { create: false, now })
  await makePrivate(path)
  const handle = handleOf(path, database)
  const { imports, looked } = handle.library.paths
  for (const folder of [imports, looked]) await forgetHalfUnpacked(folder)
  return handle
}

/** Where a library of this name lives. Names are for people: any script, but nothing a file system refuses. */
export function libraryFolder(parent: string, name: string): string {
  const clean = name.normalize('NFC').trim()
  const refused = /[<>:"/\\|?*]/.test(clean) || hasHiddenSigns(clean) || /^\.|[. ]$/.test(clean)
  if (clean === '' || refused) throw badName(name)
  return resolve(parent, `${clean}${libraryExtension}`)
}

/** The name people see: the folder's without its ending. */
export function libraryName(folder: string): string {
  return basename(folder, libraryExtension).normalize('NFC')
}

function handleOf(folder: string, database: OpenDatabase): LibraryHandle {
  const cache = join(folder, 'cache')
  const paths: LibraryPaths = {
    folder,
    runs: join(folder, 'runs'),
    cache,
    imports: join(folder, 'imports'),
    looked: join(cache, 'classify'),
  }
  try {
    mkdirSync(paths.runs, privateFolder)
    mkdirSync(paths.cache, privateFolder)
    followFolder(database, folder)
    const library: LibraryFiles = { id: identity(database), name: libraryName(folder), db: database.db, paths }
    return { library, unclean: database.unclean, backUp: database.backUp, close: database.close }
  } catch (error) {
    database.close()
    throw translateError(error, folder)
  }
}

/** Photos that lie in the library's own folder (unpacked archives) move with it. */
function followFolder({ db }: OpenDatabase, folder: string): void {
  const before = db.value<string>("SELECT value FROM meta WHERE key = 'folder'")
  if (before === folder) return
  db.transaction(() => {
    for (const root of before === undefined ? [] : db.all<{ id: number; path: string }>('SELECT id, path FROM root')) {
      if (isInside(root.path, before!))
        db.run('UPDATE root SET path = ? WHERE id = ?', join(folder, relative(before!, root.path)), root.id)
    }
    db.run("INSERT OR REPLACE INTO meta VALUES ('folder', ?)", folder)
  })
}

function identity({ db }: OpenDatabase): string {
  db.run("INSERT OR IGNORE INTO meta VALUES ('library_id', ?)", randomUUID())
  return db.value<string>("SELECT value FROM meta WHERE key = 'library_id'")!
}

function badName(name: string): ServiceError {
  return new ServiceError(
    'bad-name',
    `"${name}" cannot be the name of a library.`,
    'Use letters, digits and spaces; leave out / \\ : * ? " < > | and a dot at either end.',
  )
}
