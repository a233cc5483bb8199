// Whether the photos' files are still what was imported. A file that has gone is marked missing and kept out of
// training until it is back or found elsewhere; one that was changed is marked to be read again by the next import of
// its folder. Files are only looked at.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { blockingProblems } from '../../../contract/problems.ts'
import type { Problem } from '../../../contract/records.ts'
import type { WriteDb } from '../../db/database.ts'
import { insertProblem } from '../checks/regroup-duplicates.ts'
import type { JobControl, LibraryFiles } from '../context.ts'
import { photoPathOf } from '../tables/roots.ts'

interface FileRow {
  readonly id: number
  readonly root_id: number
  readonly path: string
  readonly size_bytes: number
  readonly modified_ms: number
  readonly sha256: string | null
}

type FileState = 'same' | 'missing' | 'changed'

const pageRows = 512
const atOnce = 16

export interface FileReport {
  readonly missing: number
  readonly changed: number
}

/** Looks at every photo's file: by size and time, or with `hash` by its bytes. Progress counts photos. */
export async function checkFiles(
  { db }: Pick<LibraryFiles, 'db'>,
  control: Pick<JobControl, 'signal' | 'progress'>,
  hash: boolean,
): Promise<FileReport> {
  const total = db.value<number>('SELECT count(*) FROM photo')!
  const pathOf = photoPathOf(db)
  const report = { missing: 0, changed: 0 }
  for (let [last, done] = [0, 0]; ;) {
    const page = db.all<FileRow>(
      'SELECT id, root_id, path, size_bytes, modified_ms, sha256 FROM photo WHERE id > ? ORDER BY id LIMIT ?',
      last,
      pageRows,
    )
    if (page.length === 0) return report
    const found = await lookAtAll(
      page,
      row => lookAt(pathOf(row.root_id, row.path), row, hash, control.signal),
      control.signal,
    )
    db.relaxed(() => page.forEach((row, i) => mark(db, row.id, found[i]!)))
    report.missing += found.filter(one => one === 'missing').length
    report.changed += found.filter(one => one === 'changed').length
    last = page.at(-1)!.id
    control.progress((done += page.length), total)
  }
}

async function lookAtAll(
  rows: readonly FileRow[],
  look: (row: FileRow) => Promise<FileState>,
  signal: AbortSignal,
): Promise<FileState[]> {
  const found: FileState[] = []
  for (let i = 0; i < rows.length; i += atOnce) {
    signal.throwIfAborted()
    found.push(...(await Promise.all(rows.slice(i, i + atOnce).map(look))))
  }
  return found
}

async function lookAt(path: string, row: FileRow, hash: boolean, signal: AbortSignal): Promise<FileState> {
  const file = await stat(path).catch(() => null)
  if (!file?.isFile()) return 'missing'
  if (row.sha256 === null) return 'same'
  if (file.size !== row.size_bytes) return 'changed'
  if (!hash && file.mtimeMs === row.modified_ms) return 'same'
  return (await hashFile(path, signal)) === row.sha256 ? 'same' : 'changed'
}

/** SHA-256 of a file, 64 hex digits; null where it cannot be read. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash, { signal })
    return hash.digest('hex')
  } catch {
    signal.throwIfAborted()
    return null
  }
}

const problems: Readonly<Record<Exclude<FileState, 'same'>, Problem>> = {
  missing: { code: 'missing', reason: 'The file is not where it was imported from.', score: null, values: {} },
  changed: {
    code: 'changed-while-read',
    reason: 'The file has changed since it was imported. Import its folder again.',
    score: null,
    values: {},
  },
}

/** Sets or takes away the two marks; a photo without any mark that keeps it out is usable if it was once decoded whole.
 */
export function mark(db: WriteDb, photoId: number, found: FileState): void {
  const { changes } = db.run(
    "DELETE FROM problem WHERE photo_id = ? AND code IN ('missing', 'changed-while-read')",
    photoId,
  )
  if (found !== 'same') {
    insertProblem(db, { photoId, problem: problems[found] })
    db.run('UPDATE photo SET usable = 0 WHERE id = ? AND usable = 1', photoId)
  } else if (changes > 0) {
    db.run(
      `UPDATE photo SET usable = 1 WHERE id = ? AND pixel_sha256 IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM problem WHERE photo_id = photo.id AND code IN (SELECT value FROM json_each(?)))`,
      photoId,
      JSON.stringify(blockingProblems),
    )
  }
}
