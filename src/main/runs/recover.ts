// What is put right when a library opens. No trainer outlives the process that served it, so a run still marked 'running' ended with it;
// and no one else writes now, so what was half written to disk is of no use to anyone.

import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ReadDb } from '../db/database.ts'
import type { LibraryContext } from '../library/context.ts'
import { isTemporary } from './files.ts'
import { getRun, setState } from './rows.ts'

/** Marks runs that were interrupted as 'failed', with a sentence that says how far they got. Their checkpoints stay; unfinished files go. */
export function recoverRuns({ library: { db, paths } }: Pick<LibraryContext, 'library'>): void {
  removeUnfinished(paths.runs)
  for (const runId of db.values<number>("SELECT id FROM run WHERE state = 'running'")) {
    const run = getRun(db, runId)
    setState(db, runId, 'failed', run.summary, {
      code: 'run-interrupted',
      message: `Winnow ended while ${run.name} was training${howFar(db, runId)}. Its newest checkpoint is kept.`,
      fix: 'Start a new run.',
    })
  }
}

function howFar(db: ReadDb, runId: number): string {
  const steps = db.value<number | null>("SELECT max(json_extract(json, '$.step')) FROM run_event WHERE run_id = ?", runId)
  return steps ? `, after ${steps} steps` : ''
}

/** Temporary files of `writeWhole` that a crash left in the runs' folders. */
function removeUnfinished(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && isTemporary(entry.name)) rmSync(join(entry.parentPath, entry.name), { force: true })
  }
}
