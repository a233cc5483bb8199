// Weights from outside that a run begins with, kept with the run: so it can be taken up again, and the file may go.

import { ServiceError } from '../../../contract/errors.ts'
import { decodeWeights } from '../../../core/io/checkpoint.ts'
import type { LibraryContext } from '../../library/context.ts'
import { readRunFile, writeRunFile } from './checksums.ts'
import { runFiles } from './run-files.ts'
import { getRun } from '../rows.ts'

/** Keeps a safetensors file for the run. CoreError 'bad-checkpoint' where it is none, ServiceError of the disk. */
export async function writeInitialWeights(context: LibraryContext, runId: number, bytes: Uint8Array): Promise<void> {
  getRun(context.library.db, runId)
  await writeRunFile(runFiles(context, runId).beginning, bytes, written => void decodeWeights(written))
}

/** The file's bytes. ServiceError 'no-checkpoint'. */
export async function readInitialWeights(context: LibraryContext, runId: number): Promise<Uint8Array<ArrayBuffer>> {
  const { name, settings } = getRun(context.library.db, runId)
  const bytes = await readRunFile(runFiles(context, runId).beginning)
  if (!bytes)
    throw new ServiceError(
      'no-checkpoint',
      `The weights of ${settings.fromFile ?? 'a file'} that ${name} is to begin with were not sent.`,
      'Start a new run and send them with it.',
    )
  return bytes
}
