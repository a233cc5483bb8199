// What a run says of every photo it has: the probabilities as one file, and per photo the answer, so that the library
// can be filtered and sorted by it. File first, rows after in one transaction: rows never speak of numbers that are not
// there.

import { ServiceError } from '../../../contract/errors.ts'
import type { Run } from '../../../contract/records.ts'
import type { LibraryContext } from '../../library/context.ts'
import { readRunFile, writeRunFile } from './checksums.ts'
import { runFiles } from './run-files.ts'
import { getRun, readRows } from '../rows.ts'

export interface RunPredictions {
  readonly rows: number
  readonly classes: number
  /** [rows, classes], each row sums to 1. */
  readonly probabilities: Float32Array
}

/** Keeps the probabilities of every row, f32 [rows, classes]. ServiceError 'bad-predictions' with the row that is
 *  wrong. */
export async function writePredictions(context: LibraryContext, runId: number, bytes: Uint8Array): Promise<void> {
  const { db } = context.library
  const run = getRun(db, runId)
  const rows = readRows(db, runId)
  const probabilities = checkProbabilities(run, rows.length, bytes)
  await writeRunFile(runFiles(context, runId).predictions, bytes)
  db.transaction(() => {
    db.run('DELETE FROM prediction WHERE run_id = ?', runId)
    rows.forEach(({ photoId, label }, row) => {
      const own = probabilities.subarray(row * run.classes.length, (row + 1) * run.classes.length)
      const best = largestIndex(own)
      db.run(
        'INSERT INTO prediction (run_id, photo_id, class_id, confidence, given_class_id, given_probability) VALUES (?, ?, ?, ?, ?, ?)',
        runId,
        photoId,
        run.classes[best]!.id,
        own[best]!,
        run.classes[label]!.id,
        own[label]!,
      )
    })
  })
  context.changed()
}

export function hasPredictions({ library: { db } }: LibraryContext, runId: number): boolean {
  return db.value('SELECT 1 FROM prediction WHERE run_id = ? LIMIT 1', runId) !== undefined
}

/** The stored probabilities. ServiceError 'no-predictions' where the run has none (any more). */
export async function readPredictions(context: LibraryContext, runId: number): Promise<RunPredictions> {
  const run = getRun(context.library.db, runId)
  const rows = run.photos.train + run.photos.validation + run.photos.test
  const bytes = await readPredictionFile(context, runId)
  return { rows, classes: run.classes.length, probabilities: checkProbabilities(run, rows, bytes) }
}

export async function readPredictionFile(context: LibraryContext, runId: number): Promise<Uint8Array<ArrayBuffer>> {
  const run = getRun(context.library.db, runId)
  const bytes = await readRunFile(runFiles(context, runId).predictions)
  if (bytes) return bytes
  throw new ServiceError(
    'no-predictions',
    `${run.name} has no predictions.`,
    'Train it to its end, or choose another run.',
  )
}

/** The index of the largest value; the first of equals. */
export function largestIndex(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}

/** Bytes as f32 [rows, classes]. ServiceError 'bad-predictions' with the row that is wrong. */
export function checkProbabilities(run: Run, rows: number, bytes: Uint8Array): Float32Array {
  const classes = run.classes.length
  const expected = rows * classes * 4
  if (bytes.byteLength !== expected) {
    throw badPredictions(
      run,
      `${bytes.byteLength} bytes of predictions came for ${rows} photos and ${classes} classes, which need ${expected}`,
    )
  }
  // A copy: the bytes of a message may begin anywhere, floats may not.
  const probabilities = new Float32Array(bytes.slice().buffer)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let k = 0; k < classes; k++) {
      const value = probabilities[row * classes + k]!
      if (!(value >= 0 && value <= 1.001))
        throw badPredictions(run, `row ${row} holds ${value}, which is no probability`)
      sum += value
    }
    if (!(Math.abs(sum - 1) <= 1e-2)) throw badPredictions(run, `row ${row} sums to ${sum.toFixed(4)} instead of 1`)
  }
  return probabilities
}

function badPredictions(run: Run, detail: string): ServiceError {
  return new ServiceError(
    'bad-predictions',
    `The predictions of ${run.name} were not kept: ${detail}.`,
    'Train again. If it happens again, report it with this message.',
  )
}
