// The margin trace of a run as a file: per row the mean over its epochs of how far the photo's own label stood above the best other one.

import { ServiceError } from '../../contract/errors.ts'
import type { LibraryContext } from '../library/context.ts'
import { readIfThere, runFiles, writeWhole } from './files.ts'
import { getRun, readRows } from './rows.ts'

/** Keeps f32 [rows]; NaN where a row was not trained on. ServiceError 'bad-margins' where their number is wrong. */
export async function writeMargins(context: LibraryContext, runId: number, bytes: Uint8Array): Promise<void> {
  const run = getRun(context.library.db, runId)
  const expected = readRows(context.library.db, runId).length * 4
  if (bytes.byteLength !== expected) {
    throw new ServiceError('bad-margins', `${bytes.byteLength} bytes of margins came for ${run.name}, which needs ${expected}.`, 'Train again. If it happens again, report it with this message.')
  }
  await writeWhole(runFiles(context, runId).margins, bytes)
}

/** ServiceError 'no-margins' where the run has none. */
export async function readMarginFile(context: LibraryContext, runId: number): Promise<Uint8Array<ArrayBuffer>> {
  const run = getRun(context.library.db, runId)
  const bytes = await readIfThere(runFiles(context, runId).margins)
  if (bytes) return bytes
  throw new ServiceError('no-margins', `${run.name} has no margin trace.`, 'Train it to its end, or choose another run.')
}
