// Where photos lie: a file belongs to the innermost imported folder that holds it, so importing a folder and later one inside
// or around it lists no file twice.

import { join, relative, resolve, sep } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import type { ReadDb, WriteDb } from '../db/database.ts'

export interface FilePlace {
  readonly rootId: number
  /** Relative to the root, as on disk. */
  readonly path: string
}

/** Finds the root of absolute paths below `folder`, making `folder` a root where no imported folder holds it. */
export function placer(db: WriteDb, folder: string, at: string): (path: string) => FilePlace {
  const absolute = resolve(folder)
  const known = db.all<{ id: number; path: string }>('SELECT id, path FROM root')
  if (!known.some(root => isInside(absolute, root.path))) {
    known.push({ id: db.run('INSERT INTO root (path, added_at) VALUES (?, ?)', absolute, at).lastId, path: absolute })
  }
  const inner = known.filter(root => isInside(absolute, root.path) || isInside(root.path, absolute))
    .sort((a, b) => b.path.length - a.path.length)
  return path => {
    const root = inner.find(({ path: folder }) => isInside(path, folder))!
    return { rootId: root.id, path: relative(root.path, path) }
  }
}

/** Whether `path` is `folder` or lies below it; both absolute. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** Absolute paths from root id and relative path; the roots are read once. */
export function photoPathOf(db: ReadDb): (rootId: number, path: string) => string {
  const roots = new Map(db.all<{ id: number; path: string }>('SELECT id, path FROM root').map(root => [root.id, root.path]))
  return (rootId, path) => join(roots.get(rootId)!, path)
}

/** The absolute path of a photo's file. ServiceError 'no-photo' when the library has no such photo. */
export function photoFile(db: ReadDb, photoId: number): string {
  const row = db.get<{ root: string; path: string }>(
    'SELECT root.path AS root, photo.path AS path FROM photo JOIN root ON root.id = photo.root_id WHERE photo.id = ?', photoId)
  if (!row) throw noPhoto(photoId)
  return join(row.root, row.path)
}

export function noPhoto(photoId: number): ServiceError {
  return new ServiceError('no-photo', `There is no photo ${photoId} in this library.`, 'Reload the list of photos.')
}
