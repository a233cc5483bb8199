// A run as the library file holds it: the record people see, its rows in order, and the small changes of its state. All
// calls are synchronous and short.

import { ServiceError, type ErrorRecord } from '../../contract/errors.ts'
import type { Run, RunRows, RunSettings, RunState, RunSummary, SplitName } from '../../contract/records.ts'
import type { ReadDb, WriteDb } from '../db/database.ts'

interface RunRecord {
  readonly id: number
  readonly name: string
  readonly state: RunState
  readonly created_at: string
  readonly settings_json: string
  readonly label_revision: number
  readonly classes_json: string
  readonly summary_json: string | null
  readonly error_json: string | null
}

/** How a run's rows name their split. */
export const splitNumbers: Readonly<Record<SplitName, number>> = { train: 0, validation: 1, test: 2 }

/** One photo of a run: which, its label as index into the run's classes, and 0 train, 1 validation, 2 test. */
export interface RunRow {
  readonly photoId: number
  readonly label: number
  readonly split: number
}

export interface NewRun {
  readonly createdAt: string
  readonly settings: RunSettings
  readonly labelRevision: number
  readonly classes: Run['classes']
  readonly rows: readonly RunRow[]
}

type SplitCounts = [train: number, validation: number, test: number]

/** Newest first. */
export function listRuns(db: ReadDb): Run[] {
  const counts = countSplits(db, null)
  return db.all<RunRecord>('SELECT * FROM run ORDER BY id DESC').map(record => asRun(record, counts.get(record.id)))
}

/** ServiceError 'no-run' where there is none of this id. */
export function getRun(db: ReadDb, runId: number): Run {
  const record = db.get<RunRecord>('SELECT * FROM run WHERE id = ?', runId)
  if (!record)
    throw new ServiceError('no-run', `There is no run ${runId} in this library.`, 'Choose one of the listed runs.')
  return asRun(record, countSplits(db, runId).get(runId))
}

/** Writes the run and its rows in one transaction and answers its id. Its name is "Run <id>" until it is renamed. */
export function insertRun(db: WriteDb, run: NewRun): number {
  return db.transaction(() => {
    const { lastId } = db.run(
      'INSERT INTO run (name, state, created_at, settings_json, label_revision, classes_json) VALUES (?, ?, ?, ?, ?, ?)',
      '',
      'created',
      run.createdAt,
      JSON.stringify(run.settings),
      run.labelRevision,
      JSON.stringify(run.classes),
    )
    db.run('UPDATE run SET name = ? WHERE id = ?', `Run ${lastId}`, lastId)
    insertRows(db, lastId, run.rows)
    return lastId
  })
}

/** Puts `rows` in the place of the run's rows, in this order. */
export function replaceRows(db: WriteDb, runId: number, rows: readonly RunRow[]): void {
  db.transaction(() => {
    db.run('DELETE FROM run_row WHERE run_id = ?', runId)
    insertRows(db, runId, rows)
  })
}

export function readRows(db: ReadDb, runId: number): RunRow[] {
  return db.all<RunRow>('SELECT photo_id AS photoId, label, split FROM run_row WHERE run_id = ? ORDER BY row', runId)
}

/** The rows by column, as they travel. */
export function rowColumns(rows: readonly RunRow[]): Omit<RunRows, 'numbers'> {
  return {
    photoIds: rows.map(row => row.photoId),
    labels: rows.map(row => row.label),
    splits: rows.map(row => row.split),
  }
}

export function setState(
  db: WriteDb,
  runId: number,
  state: RunState,
  summary: RunSummary | null,
  error: ErrorRecord | null,
): void {
  db.run(
    'UPDATE run SET state = ?, summary_json = ?, error_json = ? WHERE id = ?',
    state,
    summary && JSON.stringify(summary),
    error && JSON.stringify(error),
    runId,
  )
}

export function isOver(state: RunState): boolean {
  return state !== 'created' && state !== 'running'
}

function insertRows(db: WriteDb, runId: number, rows: readonly RunRow[]): void {
  rows.forEach(({ photoId, label, split }, row) => {
    db.run(
      'INSERT INTO run_row (run_id, row, photo_id, label, split) VALUES (?, ?, ?, ?, ?)',
      runId,
      row,
      photoId,
      label,
      split,
    )
  })
}

/** Photos by split of one run, or of all with null. */
function countSplits(db: ReadDb, runId: number | null): Map<number, SplitCounts> {
  const counts = new Map<number, SplitCounts>()
  const rows = db.all<{ id: number; split: number; photos: number }>(
    'SELECT run_id AS id, split, count(*) AS photos FROM run_row WHERE ? IS NULL OR run_id = ? GROUP BY run_id, split',
    runId,
    runId,
  )
  for (const { id, split, photos } of rows) {
    const own = counts.get(id) ?? [0, 0, 0]
    own[split] = photos
    counts.set(id, own)
  }
  return counts
}

function asRun(record: RunRecord, [train, validation, test]: SplitCounts = [0, 0, 0]): Run {
  return {
    id: record.id,
    name: record.name,
    state: record.state,
    createdAt: record.created_at,
    settings: JSON.parse(record.settings_json) as RunSettings,
    labelRevision: record.label_revision,
    classes: JSON.parse(record.classes_json) as Run['classes'],
    photos: { train, validation, test },
    summary: record.summary_json === null ? null : (JSON.parse(record.summary_json) as RunSummary),
    error: record.error_json === null ? null : (JSON.parse(record.error_json) as ErrorRecord),
  }
}
