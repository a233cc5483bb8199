// Exports of a run: the best checkpoint in the format that is asked for, or the nets of its cross-validation as one ONNX file,
// in the run's folder with a parity report beside it. The file is run by another engine before anyone is told of it; a new export of the
// same kind takes the old one's place, whole.

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import { modelFormatNames, modelFormats, type ModelFormatName } from '../../../contract/export-formats.ts'
import { ExportRecord, type ParityReport, type Run } from '../../../contract/records.ts'
import { encodeOnnxEnsemble } from '../../../core/io/onnx.ts'
import type { ModelDescription } from '../../../core/nn/description.ts'
import type { LibraryContext } from '../../library/context.ts'
import { safeName } from '../../common/file-names.ts'
import { validationTemperature } from '../../review/evaluation/evaluate.ts'
import { readUsableCheckpoint } from '../../runs/files/checkpoints.ts'
import { readRunFile, writeRunFile } from '../../runs/files/checksums.ts'
import { runFiles } from '../../runs/files/run-files.ts'
import { readFoldEnsemble } from '../../runs/files/fold-files.ts'
import { rowHashes } from '../../runs/photos.ts'
import { hasPredictions, readPredictions } from '../../runs/files/predictions.ts'
import { fillPixels } from '../../runs/prepare.ts'
import { getRun, readRows } from '../../runs/rows.ts'
import { modelFiles, onnxOptions } from './model-files.ts'
import { compareEngines, type ParityInput } from './parity.ts'

const mostCompared = 500

export interface ExportQuery {
  readonly runId: number
  /** Default onnx. */
  readonly format?: ModelFormatName | undefined
  readonly unknownBelow?: number | undefined
  /** The nets of cross-validation, whose probabilities are averaged; with onnx. */
  readonly folds?: boolean | undefined
}

/** A written model and what the app says of the run's rows, f32 [rows, classes]; null where it has said nothing. */
interface Written {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly expected: Float32Array | null
  readonly model: ModelDescription
  readonly nets?: number
}

/** Writes and checks a file of the run. CoreError 'bad-model', ServiceError 'no-checkpoint', 'no-folds', 'bad-request',
 *  'model-not-runnable'. */
export async function createExport(
  context: LibraryContext,
  { runId, format = 'onnx', unknownBelow, folds = false }: ExportQuery,
  signal: AbortSignal,
): Promise<ExportRecord> {
  const run = getRun(context.library.db, runId)
  if (folds && format !== 'onnx') throw onlyOneNet(format)
  const written = folds
    ? await encodeFolds(context, run, unknownBelow)
    : await encodeBest(context, run, format, unknownBelow)
  const { bytes, nets } = written
  const parity = await checkParity(context, run, format, written, signal)
  const record: ExportRecord = {
    id: `${runId}-${folds ? 'folds-' : ''}${format}`,
    runId,
    format,
    fileName: `${fileNameOf(run)}${folds ? ' ensemble' : ''}${modelFormats[format].file}`,
    sizeBytes: bytes.length,
    parity,
    ...(unknownBelow !== undefined && { unknownBelow }),
    ...(nets !== undefined && { nets }),
  }
  const file = (ending: string) => exportFile(context, runId, `${nameOf(format, folds)}${ending}`)
  await rm(file('.json'), { force: true }) // whatever ends this half-way leaves no export, not one beside the record of another
  await writeRunFile(file(modelFormats[format].file), bytes)
  await writeRunFile(file('.json'), new TextEncoder().encode(JSON.stringify(record, null, 2)))
  return record
}

function onlyOneNet(format: ModelFormatName): ServiceError {
  return new ServiceError(
    'bad-request',
    `The nets of the cross-validation in one file are written as onnx, not as ${format}.`,
    'Choose onnx, or leave out folds.',
  )
}

async function encodeBest(
  context: LibraryContext,
  run: Run,
  format: ModelFormatName,
  unknownBelow = 0,
): Promise<Written> {
  const expected = hasPredictions(context, run.id) ? (await readPredictions(context, run.id)).probabilities : null
  const { model, weights } = await readUsableCheckpoint(context, run.id)
  const temperature = expected ? await validationTemperature(context, run.id) : 1
  const written = { run, appVersion: context.version, model, weights, temperature, unknownBelow }
  return { bytes: modelFiles[format].encode(written), expected, model }
}

/** The temperature is that of the single nets on photos they have not seen: all of them together have seen every
 *  validation photo. */
async function encodeFolds(context: LibraryContext, run: Run, unknownBelow = 0): Promise<Written> {
  const { nets, probabilities } = await readFoldEnsemble(context, run.id)
  const members = nets.map(({ model, weights, average }) => ({ model, weights: average ?? weights }))
  const temperature = await validationTemperature(context, run.id, true)
  const options = onnxOptions({ run, appVersion: context.version, temperature, unknownBelow })
  return {
    bytes: encodeOnnxEnsemble(members, options),
    expected: probabilities,
    model: members[0]!.model,
    nets: nets.length,
  }
}

/** The run's best weights as an ONNX file. CoreError 'bad-model', ServiceError 'no-checkpoint'. */
export async function encodeRun(context: LibraryContext, runId: number): Promise<Uint8Array<ArrayBuffer>> {
  return (await encodeBest(context, getRun(context.library.db, runId), 'onnx')).bytes
}

/** A written export with its record. ServiceError 'no-export'. */
export async function readExport(
  context: LibraryContext,
  exportId: string,
): Promise<{ record: ExportRecord; bytes: Uint8Array<ArrayBuffer> }> {
  const [, runId, folds, format] = exportIdPattern.exec(exportId) ?? []
  const name = format as ModelFormatName
  const read = async (ending: string) =>
    runId === undefined
      ? null
      : readRunFile(exportFile(context, Number(runId), `${nameOf(name, folds !== undefined)}${ending}`))
  const [record, bytes] = [await read('.json'), runId === undefined ? null : await read(modelFormats[name].file)]
  if (!record || !bytes)
    throw new ServiceError('no-export', 'There is no such export in this library.', 'Export the run again.')
  return { record: ExportRecord.parse(JSON.parse(new TextDecoder().decode(record))), bytes }
}

const exportIdPattern = new RegExp(`^(\\d{1,9})-(folds-)?(${modelFormatNames.join('|')})$`)

/** Of the files of an export in the run's folder; those of plain ONNX keep the names that earlier versions gave them. */
function nameOf(format: ModelFormatName, folds: boolean): string {
  return `${folds ? 'folds' : 'model'}${format === 'onnx' ? '' : `-${format}`}`
}

/** A run that ended early has no predictions: then the file is only seen to open, and the report speaks of 0 photos. */
async function checkParity(
  context: LibraryContext,
  run: Run,
  format: ModelFormatName,
  { bytes, expected, model }: Written,
  signal: AbortSignal,
): Promise<ParityReport> {
  const { open } = modelFiles[format]
  if (!open) return unchecked('same-weights')
  const engine = await open(bytes, model)
  if (!engine) return unchecked('no-runtime')
  try {
    const report = await compareEngines(engine, {
      format,
      ...(await comparedRows(context, run, expected, signal)),
      signal,
    })
    return expected ? report : { ...report, unchecked: 'no-predictions' }
  } finally {
    await engine.close()
  }
}

function unchecked(why: ParityReport['unchecked']): ParityReport {
  return { engine: '', photos: 0, largestDifference: 0, flipped: 0, unchecked: why }
}

/** Validation rows, or training rows where there are none, whose pixels can be had: at most 500, spread evenly. */
async function comparedRows(
  context: LibraryContext,
  run: Run,
  expected: Float32Array | null,
  signal: AbortSignal,
): Promise<Omit<ParityInput, 'signal' | 'format'>> {
  const { db } = context.library
  if (!expected) return { photoIds: [], rows: [], pixels: () => new Uint8Array(), expected: new Float32Array() }
  await fillPixels(context, run.id, signal)
  const cache = context.pixels.cache(run.settings)
  const hashes = rowHashes(db, run.id)
  const all = readRows(db, run.id)
  const splits = all.map(({ split }) => split)
  const photoIds = all.map(({ photoId }) => photoId)
  const of = (wanted: number) =>
    splits.flatMap((split, row) => (split === wanted && cache.has(hashes[row]!) ? [row] : []))
  const candidates = run.photos.validation > 0 ? of(1) : of(0)
  const step = Math.max(1, candidates.length / mostCompared)
  const rows = Array.from(
    { length: Math.min(mostCompared, candidates.length) },
    (_, i) => candidates[Math.floor(i * step)]!,
  )
  const chosen = rows.map(row => hashes[row]!)
  return { photoIds, rows, pixels: (from, count) => cache.rows(chosen, from, count), expected }
}

function exportFile(context: LibraryContext, runId: number, name: string): string {
  return join(runFiles(context, runId).exports, name)
}

/** The run's name without what some file system refuses. */
export function fileNameOf({ id, name }: Run): string {
  const clean = safeName(name)
  return clean === '_' ? `Run ${id}` : clean
}
