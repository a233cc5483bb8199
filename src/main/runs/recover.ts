// What is put right when a library opens. No trainer outlives the process that served it, so a run still marked
// 'running' ended with it; and no one else writes now, so what was half written to disk is of no use to anyone.

import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ReadDb } from '../db/database.ts'
import type { LibraryContext } from '../library/context.ts'
import { isTemporary, runFiles } from './files/run-files.ts'
import { getRun, setState } from './rows.ts'

/** Marks runs that were interrupted as 'failed', with a sentence that says how far they got. Their checkpoints stay;
 *  unfinished files go. */
export function recoverRuns({ library }: Pick<LibraryContext, 'library'>): void {
  removeUnfinished(library.paths.runs)
  for (const runId of library.db.values<number>("SELECT id FROM run WHERE state = 'running'"))
    markInterrupted({ library }, runId, name => `Winnow ended while ${name} was training`)
}

/** Ends a run that nobody trains any more as 'failed', with what is kept of it; `how` says what happened. */
export function markInterrupted(
  { library }: Pick<LibraryContext, 'library'>,
  runId: number,
  how: (name: string) => string,
): void {
  const { db } = library
  const run = getRun(db, runId)
  const { checkpoint } = runFiles({ library }, runId)
  const kept = existsSync(checkpoint('best'))
  setState(db, runId, 'failed', run.summary, {
    code: 'run-interrupted',
    message: `${how(run.name)}${howFar(db, runId)}. ${kept ? 'Its best checkpoint is kept' : 'It had saved no checkpoint yet'}.`,
    fix: existsSync(checkpoint('last'))
      ? 'Go on with it from its last checkpoint, or start a new run.'
      : 'Start a new run.',
  })
}

function howFar(db: ReadDb, runId: number): string {
  const steps = db.value<number | null>(
    "SELECT max(json_extract(json, '$.step')) FROM run_event WHERE run_id = ?",
    runId,
  )
  return steps ? `, after ${steps} steps` : ''
}

/** Temporary files of `writeWhole` that a crash left in the runs' folders. */
function removeUnfinished(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && isTemporary(entry.name)) rmSync(join(entry.parentPath, entry.name), { force: true })
  }
}
