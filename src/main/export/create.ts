// Exports of a run: the best checkpoint as an ONNX file in the run's folder, with a parity report beside it. The file is run by another
// engine before anyone is told of it; a new export of the same run takes the old one's place, whole.

import { join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import { ExportRecord, type Run } from '../../contract/records.ts'
import { encodeOnnx } from '../../core/io/onnx.ts'
import type { LibraryContext } from '../library/context.ts'
import { validationTemperature } from '../review/judge.ts'
import { readUsableCheckpoint } from '../runs/checkpoints.ts'
import { readIfThere, runFiles, writeWhole } from '../runs/files.ts'
import { rowHashes } from '../runs/photos.ts'
import { readPredictions } from '../runs/predictions.ts'
import { prepareRun } from '../runs/prepare.ts'
import { getRun, readRows } from '../runs/rows.ts'
import { openEngine } from './engine.ts'
import { compareEngines } from './parity.ts'

const mostCompared = 500

/** Writes and checks the run's ONNX file. CoreError 'bad-model', ServiceError 'no-checkpoint', 'no-predictions', 'model-not-runnable'. */
export async function createExport(context: LibraryContext, runId: number, signal: AbortSignal): Promise<ExportRecord> {
  const run = getRun(context.library.db, runId)
  const { model, weights } = await readUsableCheckpoint(context, runId)
  const temperature = await validationTemperature(context, runId)
  const bytes = encodeOnnx(model, weights, { run: run.name, appVersion: context.version, temperature })
  const parity = await checkParity(context, run, bytes, signal)
  const record: ExportRecord = { id: `${runId}-onnx`, runId, format: 'onnx', fileName: `${fileNameOf(run)}.onnx`, sizeBytes: bytes.length, parity }
  await writeWhole(exportFile(context, runId, 'model.onnx'), bytes)
  await writeWhole(exportFile(context, runId, 'model.json'), new TextEncoder().encode(JSON.stringify(record, null, 2)))
  return record
}

/** A written export with its record. ServiceError 'no-export'. */
export async function readExport(context: LibraryContext, exportId: string): Promise<{ record: ExportRecord; bytes: Uint8Array<ArrayBuffer> }> {
  const runId = /^(\d{1,9})-onnx$/.exec(exportId)?.[1]
  const record = runId === undefined ? null : await readIfThere(exportFile(context, Number(runId), 'model.json'))
  const bytes = runId === undefined ? null : await readIfThere(exportFile(context, Number(runId), 'model.onnx'))
  if (!record || !bytes) throw new ServiceError('no-export', 'There is no such export in this library.', 'Export the run again.')
  return { record: ExportRecord.parse(JSON.parse(new TextDecoder().decode(record))), bytes }
}

async function checkParity(context: LibraryContext, run: Run, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal) {
  const { db } = context.library
  const { size, channels } = run.settings
  const { probabilities } = await readPredictions(context, run.id)
  await prepareRun(context, run.id, signal)
  const cache = context.pixels.cache({ size, channels })
  const rows = comparedRows(readRows(db, run.id).map(({ split }) => split))
  const all = rowHashes(db, run.id)
  const hashes = rows.map(row => all[row]!)
  const engine = await openEngine(bytes)
  try {
    return await compareEngines(engine, { rows, pixels: (from, count) => cache.rows(hashes, from, count), expected: probabilities, signal })
  } finally {
    await engine.close()
  }
}

/** Validation rows, or training rows where there are none: at most 500, spread evenly. */
function comparedRows(splits: readonly number[]): number[] {
  const of = (split: number) => splits.flatMap((own, row) => (own === split ? [row] : []))
  const candidates = of(1).length > 0 ? of(1) : of(0)
  const step = Math.max(1, candidates.length / mostCompared)
  return Array.from({ length: Math.min(mostCompared, candidates.length) }, (_, i) => candidates[Math.floor(i * step)]!)
}

function exportFile(context: LibraryContext, runId: number, name: string): string {
  return join(runFiles(context, runId).exports, name)
}

/** The run's name without what some file system refuses. */
export function fileNameOf({ id, name }: Run): string {
  // eslint-disable-next-line no-control-regex
  const clean = name.normalize('NFC').replace(/[<>:"/\\|?*\u0000-\u001f]/g, ' ').replace(/\s+/g, ' ').replace(/^[. ]+|[. ]+$/g, '')
  return clean === '' ? `Run ${id}` : clean
}
