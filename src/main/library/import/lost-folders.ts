// Folders of photos that are not where they were. Where a library was moved together with its photos, or their folder
// was moved near it, the same photos lie at the same place below another folder: it is looked for around the library,
// and known by the content of some of its files.

import { stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { ReadDb } from '../../db/database.ts'
import type { LibraryFiles } from '../context.ts'
import { hashFile } from '../files/missing-files.ts'

export interface LostFolder {
  /** Where it was. */
  readonly path: string
  readonly photos: number
  /** Where the same photos are now; null where that is not known. */
  readonly found: string | null
}

interface SampledPhoto {
  readonly path: string
  readonly size: number
  readonly sha256: string
}

const sampled = 5

/** Only folders with photos; a look at each, and files are read where one is gone. */
export async function lostFolders({ db, paths }: Pick<LibraryFiles, 'db' | 'paths'>): Promise<LostFolder[]> {
  const roots = db.all<{ id: number; path: string; photos: number }>(
    'SELECT root.id, root.path, count(*) AS photos FROM root JOIN photo ON photo.root_id = root.id GROUP BY root.id ORDER BY root.id',
  )
  const lost: LostFolder[] = []
  for (const { id, path, photos } of roots) {
    if (await isFolder(path)) continue
    lost.push({ path, photos, found: await findFolder(placesAround(paths.folder, path), samplesOf(db, id)) })
  }
  return lost
}

/** The end of the old path below each folder above the library, the longest end first. */
function placesAround(library: string, old: string): string[] {
  const parts = old.split(sep).filter(part => part !== '')
  const above: string[] = []
  for (let at = dirname(library); ; at = dirname(at)) {
    above.push(at)
    if (dirname(at) === at) break
  }
  const ends = parts.map((_, from) => parts.slice(from))
  return ends.flatMap(end => above.map(folder => join(folder, ...end))).filter(place => place !== old)
}

/** Spread over all of its photos. */
function samplesOf(db: ReadDb, rootId: number): SampledPhoto[] {
  const known = 'FROM photo WHERE root_id = ? AND sha256 IS NOT NULL'
  const count = db.value<number>(`SELECT count(*) ${known}`, rootId)!
  const places = Array.from({ length: Math.min(sampled, count) }, (_, i) => Math.floor((i * count) / sampled))
  return [...new Set(places)].map(at =>
    db.get<SampledPhoto>(
      `SELECT path, size_bytes AS size, sha256 ${known} ORDER BY path LIMIT 1 OFFSET ?`,
      rootId,
      at,
    )!,
  )
}

/** The first place where most of the photos lie. */
async function findFolder(places: readonly string[], photos: readonly SampledPhoto[]): Promise<string | null> {
  if (photos.length === 0) return null
  for (const place of places) {
    if (!(await isFolder(place))) continue
    let same = 0
    for (const photo of photos) if (await isSame(join(place, photo.path), photo)) same++
    if (same * 2 > photos.length) return place
  }
  return null
}

async function isSame(path: string, { size, sha256 }: SampledPhoto): Promise<boolean> {
  const file = await stat(path).catch(() => null)
  return file?.size === size && (await hashFile(path, new AbortController().signal)) === sha256
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false
}
