// The photos that a library has already, as an import meets them again: at the same place, or of the same content at
// another while the old place is empty, which is a photo that has moved.

import { stat } from 'node:fs/promises'
import type { ReadDb, WriteDb } from '../../db/database.ts'
import { hashFile, mark } from '../files/missing-files.ts'
import { shownNames } from '../photos/photo-names.ts'
import { photoPathOf, rootFinder, type FilePlace } from '../tables/roots.ts'

export interface KnownPhoto {
  readonly id: number
  readonly usable: number
  readonly className: string | null
  readonly split: string | null
}

/** By absolute path. */
export function knownPhotos(db: ReadDb): (path: string) => KnownPhoto | undefined {
  const find = rootFinder(db)
  return path => {
    const place = find(path)
    if (place === null) return undefined
    return db.get<KnownPhoto>(
      `SELECT photo.id, usable, class.name AS className, split FROM photo LEFT JOIN class ON class.id = class_id
       WHERE root_id = ? AND path = ?`,
      place.rootId,
      place.path,
    )
  }
}

interface Candidate {
  readonly id: number
  readonly rootId: number
  readonly path: string
  readonly sha256: string
  readonly size: number
  readonly className: string | null
}

/** Finds for a new file the photo that it is. Each is found once; files are only looked at where a size fits. */
export class MovedPhotos {
  readonly #db: ReadDb
  readonly #signal: AbortSignal | undefined
  readonly #gone = new Map<number, Promise<boolean>>()
  #bySize: Map<number, Candidate[]> | null = null
  #pathOf: ((rootId: number, path: string) => string) | null = null

  constructor(db: ReadDb, signal?: AbortSignal) {
    this.#db = db
    this.#signal = signal
  }

  async find(path: string): Promise<Pick<Candidate, 'id' | 'className'> | null> {
    const bySize = (this.#bySize ??= this.#read())
    if (bySize.size === 0) return null
    const file = await stat(path).catch(() => null)
    const like = file?.isFile() ? (bySize.get(file.size) ?? []) : []
    const gone = await this.#goneAmong(like)
    if (gone.length === 0) return null
    const sha256 = await hashFile(path, this.#signal ?? new AbortController().signal)
    const same = gone.filter(one => one.sha256 === sha256)
    if (same.length === 0) return null
    const best = same.reduce((a, b) => (sharedEnd(b.path, path) > sharedEnd(a.path, path) ? b : a))
    like.splice(like.indexOf(best), 1)
    return best
  }

  #read(): Map<number, Candidate[]> {
    this.#pathOf = photoPathOf(this.#db)
    const rows = this.#db.all<Candidate>(
      `SELECT photo.id, root_id AS rootId, path, sha256, size_bytes AS size, class.name AS className
       FROM photo LEFT JOIN class ON class.id = class_id WHERE sha256 IS NOT NULL`,
    )
    return Map.groupBy(rows, row => row.size)
  }

  async #goneAmong(photos: readonly Candidate[]): Promise<Candidate[]> {
    const gone: Candidate[] = []
    for (const photo of photos) {
      const asked = this.#gone.get(photo.id) ?? isGone(this.#pathOf!(photo.rootId, photo.path))
      this.#gone.set(photo.id, asked)
      if (await asked) gone.push(photo)
    }
    return gone
  }
}

function isGone(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    error => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''),
  )
}

/** The photo is named after the file that was found; its labels and history stay with it. False where another photo is
 *  there. */
export function giveNewPlace(db: WriteDb, photoId: number, place: FilePlace): boolean {
  const taken = db.value('SELECT 1 FROM photo WHERE root_id = ? AND path = ?', place.rootId, place.path)
  if (taken !== undefined) return false
  const { name, folder } = shownNames(place.path)
  db.transaction(() => {
    db.run(
      'UPDATE photo SET root_id = ?, path = ?, name = ?, folder = ? WHERE id = ?',
      place.rootId,
      place.path,
      name,
      folder,
      photoId,
    )
    mark(db, photoId, 'same')
  })
  return true
}

/** How many letters two paths have in common at their ends. */
export function sharedEnd(a: string, b: string): number {
  let length = 0
  while (length < Math.min(a.length, b.length) && a.at(-1 - length) === b.at(-1 - length)) length++
  return length
}
