// Taking up a run again that was stopped, or cut off with the process that trained it: it goes on from its last
// checkpoint.

import { existsSync } from 'node:fs'
import { ServiceError } from '../../contract/errors.ts'
import type { Run } from '../../contract/records.ts'
import type { LibraryContext } from '../library/context.ts'
import { runFiles } from './files/run-files.ts'
import { getRun, setState } from './rows.ts'

/** Makes the run ready to be trained again; its trainer finds the last checkpoint. ServiceError 'cannot-resume',
 *  'no-checkpoint'. */
export function resumeRun(context: LibraryContext, runId: number): Run {
  const {
    library: { db },
    changed,
  } = context
  const { name, state, summary } = getRun(db, runId)
  if (state === 'done')
    throw new ServiceError(
      'cannot-resume',
      `${name} has been trained to its end.`,
      'Start a new run; it may begin with the weights of this one.',
    )
  if (state === 'running') throw new ServiceError('cannot-resume', `${name} is training.`, 'Stop it first.')
  if (state !== 'created' && !existsSync(runFiles(context, runId).checkpoint('last'))) {
    throw new ServiceError('no-checkpoint', `${name} saved no checkpoint to go on from.`, 'Start a new run.')
  }
  setState(db, runId, 'created', summary, null)
  changed()
  return getRun(db, runId)
}
