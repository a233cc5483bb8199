// Libraries filled by SQL alone, for tests of queries and history that need many photos and no pixels.

import { join } from 'node:path'
import type { OpenDatabase } from '../../../src/main/db/open.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import type { WriteDb } from '../../../src/main/db/database.ts'
import { temporaryFolder } from './helpers.ts'

export const now = () => new Date('2026-03-04T05:06:07.000Z')

/** A new library file; close it yourself. */
export async function newDatabase(): Promise<OpenDatabase & { readonly folder: string }> {
  const folder = join(temporaryFolder(), 'rows.winnow')
  return { ...(await openDatabase(folder, { create: true, now })), folder }
}

export interface PhotoValues {
  readonly name?: string
  readonly folder?: string
  readonly classId?: number | null
  readonly split?: 'train' | 'validation' | 'test' | null
  readonly excluded?: boolean
  readonly usable?: boolean
  readonly pixels?: string
  readonly phash?: string
}

/** Adds classes by name; ids are 1, 2, ... in a new library. */
export function addClasses(db: WriteDb, ...names: string[]): number[] {
  return names.map(name => db.run('INSERT INTO class (name, created_at) VALUES (?, ?)', name, 'now').lastId)
}

/** Adds photos and gives their ids. */
export function addPhotos(db: WriteDb, photos: readonly PhotoValues[]): number[] {
  return db.transaction(() => {
    db.run("INSERT OR IGNORE INTO root (id, path, added_at) VALUES (1, '/photos', 'now')")
    const first = db.value<number>('SELECT count(*) FROM photo')!
    return photos.map((photo, i) => {
      const name = photo.name ?? `${String(first + i).padStart(6, '0')}.jpg`
      return db.run(
        `
        INSERT INTO photo (root_id, path, name, folder, size_bytes, modified_ms, sha256, pixel_sha256, phash, width, height, format, usable, excluded,
          class_id, imported_class_id, split, added_at)
        VALUES (1, ?, ?, ?, 1000, 0, ?, ?, ?, 100, 80, 'jpeg', ?, ?, ?, ?, ?, 'now')`,
        `${photo.folder ?? ''}/${first + i}-${name}`,
        name,
        photo.folder ?? '',
        `sha-${first + i}`,
        photo.pixels ?? `pixels-${first + i}`,
        photo.phash ?? null,
        Number(photo.usable ?? true),
        Number(photo.excluded ?? false),
        photo.classId ?? null,
        photo.classId ?? null,
        photo.split ?? null,
      ).lastId
    })
  })
}
