// The careful check's files: how a run's rows are dealt into folds, and per fold what a net that had not seen its rows says of them. The deal
// is written once, so that the check can be taken up again days later.

import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import type { RequestResult } from '../../contract/table.ts'
import type { LibraryContext } from '../library/context.ts'
import { readIfThere, runFiles, writeWhole } from './files.ts'
import { assignFolds } from './folds.ts'
import { rowGroups } from './photo-groups.ts'
import { checkProbabilities } from './predictions.ts'
import { getRun, readRows } from './rows.ts'

interface Deal {
  readonly folds: number
  readonly seed: number
  readonly foldOf: readonly number[]
}

/** The rows' folds, dealt on the first call with these numbers; others forget the old deal and its predictions. ServiceErrors of `assignFolds`. */
export async function dealFolds(context: LibraryContext, runId: number, folds: number, seed: number): Promise<RequestResult<'runs.folds'>> {
  const { db } = context.library
  const run = getRun(db, runId)
  const rows = readRows(db, runId)
  const old = await readDeal(context, runId)
  if (old && old.folds === folds && old.seed === seed && old.foldOf.length === rows.length) {
    return { foldOf: [...old.foldOf], done: doneFolds(context, runId, old) }
  }
  const labels = rows.map(row => row.label)
  const className = (label: number) => run.classes[label]!.name
  const foldOf = [...assignFolds({ labels, classes: run.classes.length, groups: rowGroups(db, runId), folds, seed, className })]
  await rm(foldFolder(context, runId), { recursive: true, force: true })
  await writeWhole(dealFile(context, runId), new TextEncoder().encode(JSON.stringify({ folds, seed, foldOf } satisfies Deal)))
  return { foldOf, done: [] }
}

/** Keeps the probabilities of one fold's rows, f32. ServiceError 'no-folds', 'bad-predictions'. */
export async function writeFold(context: LibraryContext, runId: number, fold: number, bytes: Uint8Array): Promise<void> {
  const run = getRun(context.library.db, runId)
  const { folds, foldOf } = await needDeal(context, runId)
  if (fold >= folds) throw new ServiceError('no-folds', `${run.name} has ${folds} folds, numbered from 0; there is no fold ${fold}.`, 'Ask for its folds first.')
  checkProbabilities(run, foldOf.filter(own => own === fold).length, bytes)
  await writeWhole(foldFile(context, runId, fold), bytes)
}

export async function readFold(context: LibraryContext, runId: number, fold: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readIfThere(foldFile(context, runId, fold))
  if (!bytes) throw new ServiceError('no-folds', `Fold ${fold} of ${getRun(context.library.db, runId).name} has no predictions.`, 'Run the careful check to its end.')
  return bytes
}

/** Every row's probabilities by the net that had not seen it, f32 [rows, classes]. ServiceError 'no-folds' with how many are still missing. */
export async function readHeldOut(context: LibraryContext, runId: number): Promise<Float32Array> {
  const run = getRun(context.library.db, runId)
  const deal = await needDeal(context, runId)
  const done = doneFolds(context, runId, deal)
  if (done.length < deal.folds) {
    throw new ServiceError('no-folds', `${done.length} of ${deal.folds} folds of ${run.name} have predictions; all are needed.`, 'Let the careful check finish.')
  }
  const classes = run.classes.length
  const all = new Float32Array(deal.foldOf.length * classes)
  for (const fold of done) {
    const rows = deal.foldOf.flatMap((own, row) => (own === fold ? [row] : []))
    const values = checkProbabilities(run, rows.length, await readFold(context, runId, fold))
    rows.forEach((row, i) => all.set(values.subarray(i * classes, (i + 1) * classes), row * classes))
  }
  return all
}

async function needDeal(context: LibraryContext, runId: number): Promise<Deal> {
  const deal = await readDeal(context, runId)
  if (deal) return deal
  throw new ServiceError('no-folds', `The photos of ${getRun(context.library.db, runId).name} have not been dealt into folds.`, 'Start the careful check.')
}

async function readDeal(context: LibraryContext, runId: number): Promise<Deal | null> {
  const bytes = await readIfThere(dealFile(context, runId))
  return bytes && JSON.parse(new TextDecoder().decode(bytes)) as Deal
}

function doneFolds(context: LibraryContext, runId: number, { folds }: Deal): number[] {
  return Array.from({ length: folds }, (_, fold) => fold).filter(fold => existsSync(foldFile(context, runId, fold)))
}

function foldFolder(context: LibraryContext, runId: number): string {
  return join(runFiles(context, runId).folder, 'folds')
}

function dealFile(context: LibraryContext, runId: number): string {
  return join(foldFolder(context, runId), 'deal.json')
}

function foldFile(context: LibraryContext, runId: number, fold: number): string {
  return join(foldFolder(context, runId), `${fold}.f32`)
}
