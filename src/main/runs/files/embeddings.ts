// The features of a run's photos as a file: f32 [rows, D], what the last dense layer of its net reads. Photos that look
// alike to the net have features in the same direction.

import { ServiceError } from '../../../contract/errors.ts'
import type { LibraryContext } from '../../library/context.ts'
import { readRunFile, writeRunFile } from './checksums.ts'
import { runFiles } from './run-files.ts'
import { getRun, readRows } from '../rows.ts'

export interface Embeddings {
  readonly rows: number
  /** D: numbers a photo. */
  readonly size: number
  /** [rows, size] */
  readonly values: Float32Array
}

/** Keeps the features of every row. ServiceError 'bad-embeddings' where the bytes are no such table or a number is not
 *  finite. */
export async function writeEmbeddings(context: LibraryContext, runId: number, bytes: Uint8Array): Promise<void> {
  const { name } = getRun(context.library.db, runId)
  const rows = readRows(context.library.db, runId).length
  if (bytes.byteLength === 0 || bytes.byteLength % (rows * 4) !== 0)
    throw bad(name, `${bytes.byteLength} bytes are no table of ${rows} rows`)
  const values = floatsOf(bytes)
  const wrong = values.findIndex(value => !Number.isFinite(value))
  if (wrong >= 0) throw bad(name, `row ${Math.floor(wrong / (values.length / rows))} holds ${values[wrong]}`)
  await writeRunFile(runFiles(context, runId).embeddings, bytes)
}

/** ServiceError 'no-embeddings' where the run has none, 'bad-embeddings' where the file is no table of its rows. */
export async function readEmbeddings(context: LibraryContext, runId: number): Promise<Embeddings> {
  // Before the file is waited for: afterwards the run may be gone.
  const { name } = getRun(context.library.db, runId)
  const rows = readRows(context.library.db, runId).length
  const bytes = await readEmbeddingFile(context, runId)
  if (rows === 0 || bytes.byteLength === 0 || bytes.byteLength % (rows * 4) !== 0)
    throw bad(name, `their file holds ${bytes.byteLength} bytes, which are no table of ${rows} rows`)
  const values = floatsOf(bytes)
  return { rows, size: values.length / rows, values }
}

export async function readEmbeddingFile(context: LibraryContext, runId: number): Promise<Uint8Array<ArrayBuffer>> {
  const { name } = getRun(context.library.db, runId)
  const bytes = await readRunFile(runFiles(context, runId).embeddings)
  if (bytes) return bytes
  throw new ServiceError(
    'no-embeddings',
    `${name} has no features of its photos.`,
    'Train it to its end, or choose another run.',
  )
}

/** A copy: the bytes of a message may begin anywhere, floats may not. */
function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer)
}

function bad(run: string, detail: string): ServiceError {
  return new ServiceError(
    'bad-embeddings',
    `The features of the photos of ${run} cannot be used: ${detail}.`,
    'Train again. If it happens again, report it with this message.',
  )
}
