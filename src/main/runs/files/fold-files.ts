// The files of cross-validation: how a run's rows are dealt into folds, and per fold its net and what that says of every
// row. The deal is written once, so that the check can be taken up again days later. Test rows are in no fold: no net
// learns from them, so all may judge them.

import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import type { Run } from '../../../contract/records.ts'
import type { RequestResult } from '../../../contract/table.ts'
import type { LibraryContext } from '../../library/context.ts'
import { decodeCheckpoint, type Checkpoint } from '../../../core/io/checkpoint.ts'
import { meanProbabilities } from '../../../core/train/evaluation/ensemble.ts'
import { checkBelongs } from './checkpoints.ts'
import { readRunFile, writeRunFile } from './checksums.ts'
import { runFiles } from './run-files.ts'
import { assignFolds } from '../folds.ts'
import { rowGroups } from '../photo-groups.ts'
import { checkProbabilities } from './predictions.ts'
import { getRun, readRows, splitNumbers } from '../rows.ts'

interface Deal {
  /** Of this form of the files; others are forgotten. */
  readonly version: 2
  readonly folds: number
  readonly seed: number
  /** [rows]; -1 for test rows. */
  readonly foldOf: readonly number[]
}

/** In no fold. */
const inNone = -1

/** The rows' folds, dealt on the first call with these numbers; others forget the old deal and its predictions.
 *  ServiceErrors of `assignFolds`. */
export async function dealFolds(
  context: LibraryContext,
  runId: number,
  folds: number,
  seed: number,
): Promise<RequestResult<'runs.folds'>> {
  const { db } = context.library
  const run = getRun(db, runId)
  const rows = readRows(db, runId)
  const old = await readDeal(context, runId)
  if (old && old.folds === folds && old.seed === seed && old.foldOf.length === rows.length) {
    return { foldOf: [...old.foldOf], done: doneFolds(context, runId, old) }
  }
  const dealt = rows.flatMap(({ split }, row) => (split === splitNumbers.test ? [] : [row]))
  const groups = rowGroups(db, runId)
  const className = (label: number) => run.classes[label]!.name
  const found = assignFolds({
    labels: dealt.map(row => rows[row]!.label),
    groups: dealt.map(row => groups[row]!),
    classes: run.classes.length,
    folds,
    seed,
    className,
  })
  const foldOf = rows.map(() => inNone)
  dealt.forEach((row, i) => {
    foldOf[row] = found[i]!
  })
  await rm(foldFolder(context, runId), { recursive: true, force: true })
  await writeRunFile(
    dealFile(context, runId),
    new TextEncoder().encode(JSON.stringify({ version: 2, folds, seed, foldOf } satisfies Deal)),
  )
  return { foldOf, done: [] }
}

/** Keeps what one fold's net says of every row, f32 [rows, classes]; its fold is then done. ServiceError 'no-folds',
 *  'bad-predictions'. */
export async function writeFold(
  context: LibraryContext,
  runId: number,
  fold: number,
  bytes: Uint8Array,
): Promise<void> {
  const { run, foldOf } = await needFold(context, runId, fold)
  checkProbabilities(run, foldOf.length, bytes)
  await writeRunFile(foldFile(context, runId, fold), bytes)
}

/** Keeps a fold's net. CoreError 'bad-checkpoint', ServiceError 'no-folds', 'foreign-checkpoint'. */
export async function writeFoldNet(
  context: LibraryContext,
  runId: number,
  fold: number,
  bytes: Uint8Array,
): Promise<void> {
  const { run } = await needFold(context, runId, fold)
  await writeRunFile(netFile(context, runId, fold), bytes, written => checkBelongs(decodeCheckpoint(written), run))
}

export async function readFoldNet(
  context: LibraryContext,
  runId: number,
  fold: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readRunFile(netFile(context, runId, fold))
  if (!bytes)
    throw new ServiceError(
      'no-folds',
      `Fold ${fold} of ${getRun(context.library.db, runId).name} has no net.`,
      'Run the cross-validation to its end.',
    )
  return bytes
}

async function needFold(context: LibraryContext, runId: number, fold: number): Promise<Deal & { readonly run: Run }> {
  const run = getRun(context.library.db, runId)
  const deal = await needDeal(context, runId)
  if (fold < deal.folds) return { ...deal, run }
  throw new ServiceError(
    'no-folds',
    `${run.name} has ${deal.folds} folds, numbered from 0; there is no fold ${fold}.`,
    'Ask for its folds first.',
  )
}

export async function readFold(context: LibraryContext, runId: number, fold: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readRunFile(foldFile(context, runId, fold))
  if (!bytes)
    throw new ServiceError(
      'no-folds',
      `Fold ${fold} of ${getRun(context.library.db, runId).name} has no predictions.`,
      'Run the cross-validation to its end.',
    )
  return bytes
}

/**
 * Every row's probabilities by nets that had not seen it, f32 [rows, classes]: the net of its fold, for test rows the
 * mean of all nets. ServiceError 'no-folds' with how many are still missing.
 */
export async function readHeldOut(context: LibraryContext, runId: number): Promise<Float32Array> {
  const { run, deal, done } = await needAll(context, runId)
  const classes = run.classes.length
  const all = new Float32Array(deal.foldOf.length * classes)
  for (const fold of done) {
    const values = checkProbabilities(run, deal.foldOf.length, await readFold(context, runId, fold))
    deal.foldOf.forEach((own, row) => {
      if (own !== fold && own !== inNone) return
      const share = own === inNone ? deal.folds : 1
      for (let at = row * classes; at < (row + 1) * classes; at++) all[at]! += values[at]! / share
    })
  }
  return all
}

/** Every fold's net, and the mean of what all of them say of every row, f32 [rows, classes]. ServiceError 'no-folds'.
 */
export async function readFoldEnsemble(
  context: LibraryContext,
  runId: number,
): Promise<{ readonly nets: readonly Checkpoint[]; readonly probabilities: Float32Array }> {
  const { run, deal, done } = await needAll(context, runId)
  const members = await Promise.all(
    done.map(async fold => ({
      net: decodeCheckpoint(await readFoldNet(context, runId, fold)),
      said: checkProbabilities(run, deal.foldOf.length, await readFold(context, runId, fold)),
    })),
  )
  return { nets: members.map(({ net }) => net), probabilities: meanProbabilities(members.map(({ said }) => said)) }
}

async function needAll(
  context: LibraryContext,
  runId: number,
): Promise<{ readonly run: Run; readonly deal: Deal; readonly done: readonly number[] }> {
  const run = getRun(context.library.db, runId)
  const deal = await needDeal(context, runId)
  const done = doneFolds(context, runId, deal)
  if (done.length === deal.folds) return { run, deal, done }
  throw new ServiceError(
    'no-folds',
    `${done.length} of ${deal.folds} folds of ${run.name} have predictions; all are needed.`,
    'Let the cross-validation finish.',
  )
}

async function needDeal(context: LibraryContext, runId: number): Promise<Deal> {
  const deal = await readDeal(context, runId)
  if (deal) return deal
  throw new ServiceError(
    'no-folds',
    `The photos of ${getRun(context.library.db, runId).name} have not been dealt into folds.`,
    'Start the cross-validation: in Review, or with "winnow suspects --folds".',
  )
}

async function readDeal(context: LibraryContext, runId: number): Promise<Deal | null> {
  const bytes = await readRunFile(dealFile(context, runId))
  const deal = bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Deal)
  return deal?.version === 2 ? deal : null
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

function netFile(context: LibraryContext, runId: number, fold: number): string {
  return join(foldFolder(context, runId), `${fold}.safetensors`)
}

function foldFile(context: LibraryContext, runId: number, fold: number): string {
  return join(foldFolder(context, runId), `${fold}.f32`)
}
