// Where photos lie: a file belongs to the innermost imported folder that holds it, so importing a folder and later one
// inside or around it lists no file twice.

import { dirname, join, relative, resolve, sep } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import type { ReadDb, WriteDb } from '../../db/database.ts'

export interface FilePlace {
  readonly rootId: number
  /** Relative to the root, as on disk. */
  readonly path: string
}

/** Finds the root of absolute paths, making `folder` a root where no imported folder holds it, and a file's own folder
 *  where it lies elsewhere. */
export function placer(db: WriteDb, folder: string, at: string): (path: string) => FilePlace {
  const known = db.all<{ id: number; path: string }>('SELECT id, path FROM root')
  const innermost = (path: string) =>
    known.filter(root => isInside(path, root.path)).sort((a, b) => b.path.length - a.path.length)[0]
  const addRoot = (path: string) => {
    // Another job may have made it since.
    const id =
      db.value<number>('SELECT id FROM root WHERE path = ?', path) ??
      db.run('INSERT INTO root (path, added_at) VALUES (?, ?)', path, at).lastId
    const root = { id, path }
    known.push(root)
    return root
  }
  if (!innermost(resolve(folder))) addRoot(resolve(folder))
  return path => {
    const root = innermost(path) ?? addRoot(dirname(path))
    return { rootId: root.id, path: relative(root.path, path) }
  }
}

/** The place of absolute paths in the roots that there are; null where none holds them. */
export function rootFinder(db: ReadDb): (path: string) => FilePlace | null {
  const known = db.all<{ id: number; path: string }>('SELECT id, path FROM root')
  const innermostFirst = known.sort((a, b) => b.path.length - a.path.length)
  return path => {
    const root = innermostFirst.find(one => isInside(path, one.path))
    return root ? { rootId: root.id, path: relative(root.path, path) } : null
  }
}

/** Whether `path` is `folder` or lies below it; both absolute. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** Absolute paths from root id and relative path; the roots are read once. */
export function photoPathOf(db: ReadDb): (rootId: number, path: string) => string {
  const roots = new Map(
    db.all<{ id: number; path: string }>('SELECT id, path FROM root').map(root => [root.id, root.path]),
  )
  return (rootId, path) => join(roots.get(rootId)!, path)
}

/** The absolute path of a photo's file. ServiceError 'no-photo' when the library has no such photo. */
export function photoFile(db: ReadDb, photoId: number): string {
  const row = db.get<{ root: string; path: string }>(
    'SELECT root.path AS root, photo.path AS path FROM photo JOIN root ON root.id = photo.root_id WHERE photo.id = ?',
    photoId,
  )
  if (!row) throw noPhoto(photoId)
  return join(row.root, row.path)
}

export function noPhoto(photoId: number): ServiceError {
  return new ServiceError(
    'no-photo',
    `There is no photo ${photoId} in this library.`,
    'Look at the list of photos again: it may have changed.',
  )
}
