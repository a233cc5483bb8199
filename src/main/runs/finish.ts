// The end of runs, and what a person may change about them: finishing, renaming, deleting.

import { rm } from 'node:fs/promises'
import { ServiceError } from '../../contract/errors.ts'
import { hasHiddenSigns, hiddenSigns } from '../common/hidden-signs.ts'
import type { Run } from '../../contract/records.ts'
import type { requests } from '../../contract/table.ts'
import type { output } from 'zod'
import type { LibraryContext } from '../library/context.ts'
import { runFiles } from './files/run-files.ts'
import { getRun, isOver, setState } from './rows.ts'

type FinishParams = output<(typeof requests)['runs.finish']['params']>

/** Ends a run. Saying the same end again changes nothing; another end is ServiceError 'run-over'. */
export function finishRun(context: LibraryContext, { runId, state, summary, error }: FinishParams): Run {
  const {
    library: { db },
    changed,
  } = context
  const run = getRun(db, runId)
  if (!isOver(state)) {
    throw new ServiceError(
      'bad-state',
      `A run ends as done, stopped or failed, not as ${state}.`,
      'Send one of these states.',
    )
  }
  if (isOver(run.state)) {
    if (run.state === state) return run
    throw new ServiceError('run-over', `${run.name} has already ended (${run.state}).`, 'Start a new run.')
  }
  setState(db, runId, state, summary, error)
  changed()
  return getRun(db, runId)
}

export function renameRun({ library: { db }, changed }: LibraryContext, runId: number, name: string): Run {
  getRun(db, runId)
  const clean = name.normalize('NFC').trim()
  if (clean === '') throw new ServiceError('bad-name', 'A run needs a name with at least one letter.', 'Type a name.')
  if (hasHiddenSigns(clean)) throw hiddenSigns('run')
  db.run('UPDATE run SET name = ? WHERE id = ?', clean, runId)
  changed()
  return getRun(db, runId)
}

/** Takes the run out of the library and its files off the disk. ServiceError 'run-running' while it trains. */
export async function deleteRun(context: LibraryContext, runId: number): Promise<void> {
  const {
    library: { db },
    changed,
  } = context
  const run = getRun(db, runId)
  if (run.state === 'running')
    throw new ServiceError('run-running', `${run.name} is training.`, 'Stop it first, then delete it.')
  db.run('DELETE FROM run WHERE id = ?', runId)
  // Rows first: a crash here leaves files nobody refers to, never a run without its files.
  await rm(runFiles(context, runId).folder, { recursive: true, force: true })
  changed()
}
