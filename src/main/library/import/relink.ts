// Photos whose folder has moved are found again by content: a file counts as the missing photo when it has its size and
// its SHA-256. It is named after the file that was found; its labels and history stay with it.

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { WriteDb } from '../../db/database.ts'
import type { JobControl, LibraryFiles } from '../context.ts'
import { hashFile } from '../files/missing-files.ts'
import { placer, type FilePlace } from '../tables/roots.ts'
import { giveNewPlace, sharedEnd } from './known-photos.ts'
import { scanFolder } from './scan.ts'
import { isPhoto } from './steps.ts'

interface Lost {
  readonly id: number
  readonly sha256: string
  readonly size: number
  readonly name: string
}

/** Work of a job of kind 'relink'. Result: relinked, missing. Run a file check first, so that what is missing is known.
 */
export async function relinkPhotos(
  { db }: Pick<LibraryFiles, 'db'>,
  folder: string,
  control: JobControl,
  at: string,
): Promise<void> {
  const lost = readLost(db)
  const sizes = new Set([...lost.values()].flat().map(photo => photo.size))
  const placeOf = placer(db, folder, at)
  let [looked, relinked] = [0, 0]
  for await (const step of scanFolder(folder, { signal: control.signal })) {
    if (!isPhoto(step)) continue
    const path = join(folder, step.path)
    if (
      (await isCandidate(path, sizes)) &&
      takeUp(db, lost, await hashFile(path, control.signal), placeOf(path), step.path)
    )
      relinked++
    control.progress(++looked, null)
  }
  control.result({ relinked, missing: [...lost.values()].flat().length })
}

/** Missing photos by the hash of their file. */
function readLost(db: WriteDb): Map<string, Lost[]> {
  const photos = db.all<Lost>(`
    SELECT photo.id, sha256, size_bytes AS size, path AS name FROM problem JOIN photo ON photo.id = problem.photo_id
    WHERE problem.code = 'missing' AND sha256 IS NOT NULL`)
  return Map.groupBy(photos, photo => photo.sha256)
}

async function isCandidate(path: string, sizes: ReadonlySet<number>): Promise<boolean> {
  const file = await stat(path).catch(() => null)
  return file !== null && sizes.has(file.size)
}

/** Gives the place to a lost photo of this content, the one whose old path ends most alike first; false where there is
 *  none. */
function takeUp(
  db: WriteDb,
  lost: Map<string, Lost[]>,
  sha256: string | null,
  place: FilePlace,
  path: string,
): boolean {
  const photos = lost.get(sha256 ?? '')
  if (!photos?.length) return false
  const best = photos.reduce((a, b) => (sharedEnd(b.name, path) > sharedEnd(a.name, path) ? b : a))
  if (!giveNewPlace(db, best.id, place)) return false
  photos.splice(photos.indexOf(best), 1)
  return true
}
