// The first half of an import: which files there are. Every new file becomes a row of job_item with what its folder or
// list says of it; usable photos the library already has are passed over, broken ones are read again, and ones that have
// moved get their new place. Labels of a list for photos that the library has are taken as a decision. Done in full or,
// after a crash, done anew.

import type { WriteDb } from '../../db/database.ts'
import type { ImportLayout } from '../../../contract/records.ts'
import type { JobControl, LibraryFiles } from '../context.ts'
import type { History } from '../decisions/history.ts'
import { placer, type FilePlace } from '../tables/roots.ts'
import { openSources } from './all-sources.ts'
import { noPhotos, SkippedCounts } from './import-preview.ts'
import { giveNewPlace, MovedPhotos } from './known-photos.ts'
import { takeListedLabels } from './listed-labels.ts'
import type { OpenSource } from './sources.ts'
import { isPhoto, isSkipped, type ScannedFile } from './steps.ts'

export interface ImportSources {
  /** Paths of folders, lists and archives. */
  readonly folders: readonly string[]
  readonly layout?: ImportLayout | undefined
  /** What becomes of files that are photos of the library whose old place is empty; default: they are followed. */
  readonly moved?: 'follow' | 'add' | undefined
}

interface Listed {
  readonly file: ScannedFile
  readonly place: FilePlace
}

interface ListedCounts {
  listed: number
  already: number
  moved: number
  relabelled: number
  readonly skipped: SkippedCounts
}

interface Listing {
  readonly db: WriteDb
  readonly control: JobControl
  readonly at: () => string
  readonly counts: ListedCounts
  readonly moves: MovedPhotos | null
}

/** Fills job_item and sets the job's total. Throws 'no-photos' when the folders hold none, and what scanFolder throws.
 */
export async function listFiles(
  { db, paths }: LibraryFiles,
  { folders: sources, layout, moved = 'follow' }: ImportSources,
  control: JobControl,
  at: () => string,
  history: History,
): Promise<void> {
  const counts = { listed: 0, already: 0, moved: 0, relabelled: 0, skipped: new SkippedCounts() }
  const moves = moved === 'follow' ? new MovedPhotos(db, control.signal) : null
  const listing: Listing = { db, control, at, counts, moves }
  db.run('DELETE FROM job_item WHERE job_id = ?', control.jobId)
  const unpack = { folder: paths.imports, by: control }
  for await (const source of openSources(sources, { layout, unpack, signal: control.signal }, db)) {
    await listSourceFiles(listing, source)
    if (source.list) counts.relabelled += takeListedLabels(db, history, source.list, at())
  }
  if (counts.listed + counts.already + counts.moved === 0) throw noPhotos(sources, counts.skipped.result())
  const result = resultOf(counts)
  db.transaction(() => {
    db.run(
      'UPDATE job SET total = ?, result_json = ? WHERE id = ?',
      counts.listed,
      JSON.stringify(result),
      control.jobId,
    )
    if (counts.listed > 0) {
      db.run(
        "INSERT INTO decision_group (at, kind, values_json) VALUES (?, 'import', ?)",
        at(),
        JSON.stringify({ count: String(counts.listed) }),
      )
    }
  })
  control.progress(0, counts.listed)
  control.result(result)
}

function resultOf({ already, moved, relabelled, skipped }: ListedCounts): Record<string, number> {
  const files = skipped.result().reduce((sum, { files: own }) => sum + own, 0)
  return { skipped: files, already, ...(moved > 0 && { moved }), ...(relabelled > 0 && { relabelled }) }
}

async function listSourceFiles(listing: Listing, source: OpenSource): Promise<void> {
  const { db, control, at, counts } = listing
  const placeOf = placer(db, source.folder, at())
  let batch: Listed[] = []
  const write = async () => {
    await insertItems(listing, batch)
    batch = []
    control.progress(0, null)
  }
  for await (const step of source.steps) {
    control.signal.throwIfAborted()
    if (isSkipped(step)) counts.skipped.add(step.skipped, step.path)
    if (!isPhoto(step)) continue
    batch.push({ file: step, place: placeOf(step.path) })
    if (batch.length >= batchRows) await write()
  }
  await write()
}

const batchRows = 500

async function insertItems(listing: Listing, batch: readonly Listed[]): Promise<void> {
  const { db, control, counts, moves } = listing
  const known = batch.map(({ place: { rootId, path } }) =>
    db.value<number>('SELECT usable FROM photo WHERE root_id = ? AND path = ?', rootId, path),
  )
  const wanted: Listed[] = []
  for (const [i, item] of batch.entries()) {
    if (known[i] === 1) counts.already++
    else if (known[i] === undefined && (await hasMoved(db, moves, item))) counts.moved++
    else wanted.push(item)
  }
  db.relaxed(() => {
    for (const { file, place } of wanted) {
      db.run(
        'INSERT INTO job_item (job_id, seq, root_id, path, class_name, split) VALUES (?, ?, ?, ?, ?, ?)',
        control.jobId,
        counts.listed++,
        place.rootId,
        place.path,
        file.className,
        file.split,
      )
    }
  })
}

async function hasMoved(db: WriteDb, moves: MovedPhotos | null, { file, place }: Listed): Promise<boolean> {
  const photo = (await moves?.find(file.path)) ?? null
  return photo !== null && giveNewPlace(db, photo.id, place)
}
