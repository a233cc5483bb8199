// Files that could not be imported: reading them again, and a list of them with reasons for people to work through.

import { blockingProblems } from '../../../contract/problems.ts'
import type { ReadDb } from '../../db/database.ts'
import type { JobControl, LibraryFiles } from '../context.ts'
import { csvText } from '../../formats/csv-writer.ts'

/** Fills job_item with these photos, or with all, as far as they are broken, and sets the job's total. */
export function listBroken(
  { db }: Pick<LibraryFiles, 'db'>,
  photoIds: readonly number[] | null,
  control: JobControl,
): void {
  db.transaction(() => {
    db.run('DELETE FROM job_item WHERE job_id = ?', control.jobId)
    const { changes } = db.run(
      `
      INSERT INTO job_item (job_id, seq, root_id, path, split) SELECT ?, id, root_id, path, split FROM photo
      WHERE usable = 0 AND (? IS NULL OR id IN (SELECT value FROM json_each(?)))`,
      control.jobId,
      photoIds && 1,
      JSON.stringify(photoIds ?? []),
    )
    db.run('UPDATE job SET total = ? WHERE id = ?', changes, control.jobId)
  })
}

interface ErrorRow {
  readonly path: string
  readonly code: string
  readonly reason: string
}

/** CSV with a header, in UTF-8 with a mark that spreadsheets want: path, code, reason; a line for each thing that keeps
 *  a file out. */
export function fileErrorsCsv(db: ReadDb): string {
  const rows = db.all<ErrorRow>(
    `
    SELECT rtrim(root.path, '/') || '/' || photo.path AS path, code, reason FROM problem
    JOIN photo ON photo.id = photo_id JOIN root ON root.id = root_id
    WHERE code IN (SELECT value FROM json_each(?)) ORDER BY 1, 2`,
    JSON.stringify(blockingProblems),
  )
  return csvText([['path', 'code', 'reason'], ...rows.map(({ path, code, reason }) => [path, code, reason])])
}
