// The first half of an import: which files there are. Every file becomes a row of job_item with what its folder says of it;
// usable photos the library already has are passed over, broken ones are read again. Done in full or, after a crash, done anew.

import { resolve, join } from 'node:path'
import type { WriteDb } from '../db/database.ts'
import type { JobControl } from './context.ts'
import { noPhotos } from './preview.ts'
import { placer, type FilePlace } from './roots.ts'
import { scanFolder, type ScannedFile } from './scan.ts'

const batchRows = 500

interface Listed {
  readonly file: ScannedFile
  readonly place: FilePlace
}

interface Counts {
  listed: number
  skipped: number
  already: number
}

/** Fills job_item and sets the job's total. Throws 'no-photos' when the folders hold none, and what scanFolder throws. */
export async function listFiles(db: WriteDb, folders: readonly string[], control: JobControl, at: () => string): Promise<void> {
  const counts: Counts = { listed: 0, skipped: 0, already: 0 }
  db.run('DELETE FROM job_item WHERE job_id = ?', control.jobId)
  for (const folder of folders) await listFolder(db, resolve(folder), counts, control, at)
  if (counts.listed + counts.already === 0) throw noPhotos(folders, counts.skipped)
  db.transaction(() => {
    const result = JSON.stringify({ skipped: counts.skipped, already: counts.already })
    db.run('UPDATE job SET total = ?, result_json = ? WHERE id = ?', counts.listed, result, control.jobId)
    if (counts.listed > 0) {
      db.run("INSERT INTO decision_group (at, kind, values_json) VALUES (?, 'import', ?)", at(), JSON.stringify({ count: String(counts.listed) }))
    }
  })
  control.result({ skipped: counts.skipped, already: counts.already })
  control.progress(0, counts.listed)
}

async function listFolder(db: WriteDb, folder: string, counts: Counts, control: JobControl, at: () => string): Promise<void> {
  const placeOf = placer(db, folder, at())
  let batch: Listed[] = []
  const write = () => {
    insertItems(db, control.jobId, batch, counts)
    batch = []
    control.progress(0, null)
  }
  for await (const file of scanFolder(folder, control.signal)) {
    if (file === null) { counts.skipped++; continue }
    batch.push({ file, place: placeOf(join(folder, file.path)) })
    if (batch.length >= batchRows) write()
  }
  write()
}

function insertItems(db: WriteDb, jobId: number, batch: readonly Listed[], counts: Counts): void {
  db.transaction(() => {
    for (const { file, place } of batch) {
      const usable = db.value<number>('SELECT usable FROM photo WHERE root_id = ? AND path = ?', place.rootId, place.path)
      if (usable === 1) { counts.already++; continue }
      db.run('INSERT INTO job_item (job_id, seq, root_id, path, class_name, split) VALUES (?, ?, ?, ?, ?, ?)',
        jobId, counts.listed++, place.rootId, place.path, file.className, file.split)
    }
  })
}
