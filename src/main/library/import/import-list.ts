// The first half of an import: which files there are. Every file becomes a row of job_item with what its folder says of
// it; usable photos the library already has are passed over, broken ones are read again. Done in full or, after a
// crash, done anew.

import type { WriteDb } from '../../db/database.ts'
import type { ImportLayout } from '../../../contract/records.ts'
import type { JobControl, LibraryFiles } from '../context.ts'
import { noPhotos } from './import-preview.ts'
import { placer, type FilePlace } from '../tables/roots.ts'
import type { SourceFile } from './scan.ts'
import { areClasses, openSource, type OpenSource } from './sources.ts'

const batchRows = 500

interface Listed {
  readonly file: SourceFile
  readonly place: FilePlace
}

interface ListedCounts {
  listed: number
  skipped: number
  already: number
}

/** Fills job_item and sets the job's total. Throws 'no-photos' when the folders hold none, and what scanFolder throws.
 */
export async function listFiles(
  { db, paths }: LibraryFiles,
  { folders: sources, layout }: { readonly folders: readonly string[]; readonly layout?: ImportLayout | undefined },
  control: JobControl,
  at: () => string,
): Promise<void> {
  const counts: ListedCounts = { listed: 0, skipped: 0, already: 0 }
  db.run('DELETE FROM job_item WHERE job_id = ?', control.jobId)
  const asClasses = await areClasses(sources)
  for (const path of sources) {
    const source = await openSource(path, paths.imports, control, { layout, asClass: asClasses })
    await listSourceFiles(db, source, counts, control, at)
  }
  if (counts.listed + counts.already === 0) throw noPhotos(sources, counts.skipped)
  db.transaction(() => {
    const result = JSON.stringify({ skipped: counts.skipped, already: counts.already })
    db.run('UPDATE job SET total = ?, result_json = ? WHERE id = ?', counts.listed, result, control.jobId)
    if (counts.listed > 0) {
      db.run(
        "INSERT INTO decision_group (at, kind, values_json) VALUES (?, 'import', ?)",
        at(),
        JSON.stringify({ count: String(counts.listed) }),
      )
    }
  })
  control.progress(0, counts.listed)
  control.result({ skipped: counts.skipped, already: counts.already })
}

async function listSourceFiles(
  db: WriteDb,
  source: OpenSource,
  counts: ListedCounts,
  control: JobControl,
  at: () => string,
): Promise<void> {
  const placeOf = placer(db, source.folder, at())
  let batch: Listed[] = []
  const write = () => {
    insertItems(db, control.jobId, batch, counts)
    batch = []
    control.progress(0, null)
  }
  for await (const file of source.files) {
    control.signal.throwIfAborted()
    if (file === null) {
      counts.skipped++
      continue
    }
    batch.push({ file, place: placeOf(file.path) })
    if (batch.length >= batchRows) write()
  }
  write()
}

function insertItems(db: WriteDb, jobId: number, batch: readonly Listed[], counts: ListedCounts): void {
  db.relaxed(() => {
    for (const { file, place } of batch) {
      const usable = db.value<number>(
        'SELECT usable FROM photo WHERE root_id = ? AND path = ?',
        place.rootId,
        place.path,
      )
      if (usable === 1) {
        counts.already++
        continue
      }
      db.run(
        'INSERT INTO job_item (job_id, seq, root_id, path, class_name, split) VALUES (?, ?, ?, ?, ?, ?)',
        jobId,
        counts.listed++,
        place.rootId,
        place.path,
        file.className,
        file.split,
      )
    }
  })
}
