// The job table as records: what is written down about a job so that it can be shown and taken up again in a later
// session.

import type { ErrorRecord } from '../../../contract/errors.ts'
import type { Job } from '../../../contract/records.ts'
import type { ReadDb, WriteDb } from '../../db/database.ts'

interface JobRow {
  readonly id: number
  readonly kind: Job['kind']
  readonly state: Job['state']
  readonly params_json: string
  readonly done: number
  readonly total: number | null
  readonly result_json: string
  readonly error_json: string | null
}

export interface StoredJob {
  readonly job: Job
  readonly params: unknown
}

export function insertJob(db: WriteDb, kind: Job['kind'], params: unknown, at: string): number {
  return db.run(
    'INSERT INTO job (kind, state, params_json, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
    kind,
    'queued',
    JSON.stringify(params),
    at,
    at,
  ).lastId
}

export function readJob(db: ReadDb, id: number): StoredJob | undefined {
  const row = db.get<JobRow>('SELECT * FROM job WHERE id = ?', id)
  return row && stored(row)
}

/** Newest first; the last fifty. */
export function readJobs(db: ReadDb): StoredJob[] {
  return db.all<JobRow>('SELECT * FROM job ORDER BY id DESC LIMIT 50').map(stored)
}

export function writeJob(db: WriteDb, job: Job, at: string): void {
  db.run(
    'UPDATE job SET state = ?, done = ?, total = ?, result_json = ?, error_json = ?, updated_at = ? WHERE id = ?',
    job.state,
    job.done,
    job.total,
    JSON.stringify(job.result),
    job.error && JSON.stringify(job.error),
    at,
    job.id,
  )
}

/** Jobs that were at work when the last session ended: those of `resumable` kinds wait to be resumed, the others are
 *  over. */
export function settleInterrupted(db: WriteDb, resumable: readonly string[], at: string): void {
  const list = JSON.stringify(resumable)
  db.run(
    `UPDATE job SET updated_at = ?, state = CASE WHEN kind IN (SELECT value FROM json_each(?)) THEN 'paused' ELSE 'cancelled' END
          WHERE state IN ('queued', 'running', 'paused')`,
    at,
    list,
  )
}

function stored(row: JobRow): StoredJob {
  return {
    params: JSON.parse(row.params_json),
    job: {
      id: row.id,
      kind: row.kind,
      state: row.state,
      done: row.done,
      total: row.total,
      perSecond: null,
      secondsLeft: null,
      error: row.error_json === null ? null : (JSON.parse(row.error_json) as ErrorRecord),
      result: JSON.parse(row.result_json) as Record<string, number>,
    },
  }
}
