// Exports of a run: the best checkpoint, or the nets of its careful check as one, as an ONNX file in the run's folder
// with a parity report beside it. The file is run by another engine before anyone is told of it; a new export of the
// same kind takes the old one's place, whole.

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import { ExportRecord, type ParityReport, type Run } from '../../contract/records.ts'
import { encodeOnnx, encodeOnnxEnsemble } from '../../core/io/onnx.ts'
import type { LibraryContext } from '../library/context.ts'
import { safeName } from '../common/file-names.ts'
import { validationTemperature } from '../review/evaluation/evaluate.ts'
import { readUsableCheckpoint } from '../runs/files/checkpoints.ts'
import { readRunFile, writeRunFile } from '../runs/files/checksums.ts'
import { runFiles } from '../runs/files/run-files.ts'
import { readFoldEnsemble } from '../runs/files/fold-files.ts'
import { rowHashes } from '../runs/photos.ts'
import { hasPredictions, readPredictions } from '../runs/files/predictions.ts'
import { fillPixels } from '../runs/prepare.ts'
import { getRun, readRows } from '../runs/rows.ts'
import { openEngine } from './engine.ts'
import { compareEngines, type ParityInput } from './parity.ts'

const mostCompared = 500

export interface ExportQuery {
  readonly runId: number
  readonly unknownBelow?: number | undefined
  /** The nets of cross-validation, whose probabilities are averaged. */
  readonly folds?: boolean | undefined
}

/** A written model and what the app says of the run's rows, f32 [rows, classes]; null where it has said nothing. */
interface Written {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly expected: Float32Array | null
  readonly nets?: number
}

/** Writes and checks the run's ONNX file. CoreError 'bad-model', ServiceError 'no-checkpoint', 'no-folds',
 *  'model-not-runnable'. */
export async function createExport(
  context: LibraryContext,
  { runId, unknownBelow, folds = false }: ExportQuery,
  signal: AbortSignal,
): Promise<ExportRecord> {
  const run = getRun(context.library.db, runId)
  const { bytes, expected, nets } = folds
    ? await encodeFolds(context, run, unknownBelow)
    : await encodeBest(context, run, unknownBelow)
  const parity = await checkParity(context, run, bytes, expected, signal)
  const record: ExportRecord = {
    id: folds ? `${runId}-folds-onnx` : `${runId}-onnx`,
    runId,
    format: 'onnx',
    fileName: `${fileNameOf(run)}${folds ? ' ensemble' : ''}.onnx`,
    sizeBytes: bytes.length,
    parity,
    ...(unknownBelow !== undefined && { unknownBelow }),
    ...(nets !== undefined && { nets }),
  }
  const name = folds ? 'folds' : 'model'
  await rm(exportFile(context, runId, `${name}.json`), { force: true }) // whatever ends this half-way leaves no export, not one beside the record of another
  await writeRunFile(exportFile(context, runId, `${name}.onnx`), bytes)
  await writeRunFile(
    exportFile(context, runId, `${name}.json`),
    new TextEncoder().encode(JSON.stringify(record, null, 2)),
  )
  return record
}

async function encodeBest(context: LibraryContext, { id }: Run, unknownBelow?: number): Promise<Written> {
  const expected = hasPredictions(context, id) ? (await readPredictions(context, id)).probabilities : null
  return { bytes: await encodeRun(context, id, unknownBelow), expected }
}

/** The temperature is that of the single nets on photos they have not seen: all of them together have seen every
 *  validation photo. */
async function encodeFolds(context: LibraryContext, { id, name, settings }: Run, unknownBelow = 0): Promise<Written> {
  const { nets, probabilities } = await readFoldEnsemble(context, id)
  const members = nets.map(({ model, weights, average }) => ({ model, weights: average ?? weights }))
  const temperature = await validationTemperature(context, id, true)
  return {
    bytes: encodeOnnxEnsemble(members, {
      run: name,
      appVersion: context.version,
      temperature,
      unknownBelow,
      fit: settings.fit,
    }),
    expected: probabilities,
    nets: nets.length,
  }
}

/** The run's best weights as an ONNX file. CoreError 'bad-model', ServiceError 'no-checkpoint'. */
export async function encodeRun(
  context: LibraryContext,
  runId: number,
  unknownBelow = 0,
): Promise<Uint8Array<ArrayBuffer>> {
  const {
    name,
    settings: { fit },
  } = getRun(context.library.db, runId)
  const { model, weights } = await readUsableCheckpoint(context, runId)
  const temperature = hasPredictions(context, runId) ? await validationTemperature(context, runId) : 1
  return encodeOnnx(model, weights, { run: name, appVersion: context.version, temperature, unknownBelow, fit })
}

/** A written export with its record. ServiceError 'no-export'. */
export async function readExport(
  context: LibraryContext,
  exportId: string,
): Promise<{ record: ExportRecord; bytes: Uint8Array<ArrayBuffer> }> {
  const [, runId, folds] = /^(\d{1,9})(-folds)?-onnx$/.exec(exportId) ?? []
  const read = async (ending: string) =>
    runId === undefined
      ? null
      : readRunFile(exportFile(context, Number(runId), `${folds ? 'folds' : 'model'}.${ending}`))
  const [record, bytes] = [await read('json'), await read('onnx')]
  if (!record || !bytes)
    throw new ServiceError('no-export', 'There is no such export in this library.', 'Export the run again.')
  return { record: ExportRecord.parse(JSON.parse(new TextDecoder().decode(record))), bytes }
}

/** A run that ended early has no predictions: then the file is only seen to open, and the report speaks of 0 photos. */
async function checkParity(
  context: LibraryContext,
  run: Run,
  bytes: Uint8Array<ArrayBuffer>,
  expected: Float32Array | null,
  signal: AbortSignal,
): Promise<ParityReport> {
  const engine = await openEngine(bytes)
  try {
    return await compareEngines(engine, { ...(await comparedRows(context, run, expected, signal)), signal })
  } finally {
    await engine.close()
  }
}

/** Validation rows, or training rows where there are none, whose pixels can be had: at most 500, spread evenly. */
async function comparedRows(
  context: LibraryContext,
  run: Run,
  expected: Float32Array | null,
  signal: AbortSignal,
): Promise<Omit<ParityInput, 'signal'>> {
  const { db } = context.library
  if (!expected) return { rows: [], pixels: () => new Uint8Array(), expected: new Float32Array() }
  await fillPixels(context, run.id, signal)
  const cache = context.pixels.cache(run.settings)
  const hashes = rowHashes(db, run.id)
  const splits = readRows(db, run.id).map(({ split }) => split)
  const of = (wanted: number) =>
    splits.flatMap((split, row) => (split === wanted && cache.has(hashes[row]!) ? [row] : []))
  const candidates = run.photos.validation > 0 ? of(1) : of(0)
  const step = Math.max(1, candidates.length / mostCompared)
  const rows = Array.from(
    { length: Math.min(mostCompared, candidates.length) },
    (_, i) => candidates[Math.floor(i * step)]!,
  )
  const chosen = rows.map(row => hashes[row]!)
  return { rows, pixels: (from, count) => cache.rows(chosen, from, count), expected }
}

function exportFile(context: LibraryContext, runId: number, name: string): string {
  return join(runFiles(context, runId).exports, name)
}

/** The run's name without what some file system refuses. */
export function fileNameOf({ id, name }: Run): string {
  const clean = safeName(name)
  return clean === '_' ? `Run ${id}` : clean
}
