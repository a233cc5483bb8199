// What is put right when a library opens: no trainer outlives the process that served it, so a run still marked 'running' ended with it.

import type { ReadDb } from '../db/database.ts'
import type { LibraryContext } from '../library/context.ts'
import { getRun, setState } from './rows.ts'

/** Marks runs that were interrupted as 'failed', with a sentence that says how far they got. Their checkpoints stay. */
export function recoverRuns({ library: { db } }: Pick<LibraryContext, 'library'>): void {
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
