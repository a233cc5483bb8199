// The area under the margin (AUM) of a run as a file: per row the mean over its epochs of how far the photo's own label
// stood above the best other one, and of how many epochs that is, so that a run that was stopped goes on with it.

import { ServiceError } from '../../../contract/errors.ts'
import type { LibraryContext } from '../../library/context.ts'
import { readRunFile, writeRunFile } from './checksums.ts'
import { runFiles } from './run-files.ts'
import { getRun, readRows } from '../rows.ts'

/** Keeps f32 [rows] means, NaN where a row was not trained on, and f32 [rows] counts, which may be left out.
 *  ServiceError 'bad-margins' where their number is wrong. */
export async function writeMargins(context: LibraryContext, runId: number, bytes: Uint8Array): Promise<void> {
  const run = getRun(context.library.db, runId)
  const expected = readRows(context.library.db, runId).length * 4
  if (bytes.byteLength !== expected && bytes.byteLength !== 2 * expected) {
    throw new ServiceError(
      'bad-margins',
      `${bytes.byteLength} bytes of margins came for ${run.name}, which needs ${2 * expected}.`,
      'Train again. If it happens again, report it with this message.',
    )
  }
  await writeRunFile(runFiles(context, runId).margins, bytes)
}

/** ServiceError 'no-margins' where the run has none. */
export async function readMarginFile(context: LibraryContext, runId: number): Promise<Uint8Array<ArrayBuffer>> {
  const run = getRun(context.library.db, runId)
  const bytes = await readRunFile(runFiles(context, runId).margins)
  if (bytes) return bytes
  throw new ServiceError(
    'no-margins',
    `${run.name} has no margin trace.`,
    'Train it to its end, or choose another run.',
  )
}

/** The means, f32 [rows]. ServiceError 'no-margins'. */
export async function readMargins(context: LibraryContext, runId: number): Promise<Float32Array> {
  const { length } = readRows(context.library.db, runId)
  return new Float32Array((await readMarginFile(context, runId)).slice(0, 4 * length).buffer)
}
