// Labels that were made wrong on purpose, found again: by the margin trace of one ordinary run, by cross-validation
// with three folds, and what putting right what the queue shows brings back.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readyRecipe } from '../../src/contract/augmentation-recipes.ts'
import type { Photo } from '../../src/contract/records.ts'
import type { Client } from '../../src/contract/table.ts'
import { confidentJoint } from '../../src/main/review/labels/confident-joint.ts'
import { labelMasks } from '../../src/main/review/labels/label-filters.ts'
import { labelScores, rankRows } from '../../src/main/review/labels/label-scores.ts'
import { labelledProbabilities } from '../../src/main/review/labels/probabilities.ts'
import { averagePrecision, precisionAt } from '../main/review/ranking.ts'
import { photosRoot } from './steps/find.ts'
import { asking, floatsOf, noisyRows } from './steps/library.ts'
import { fileWithNoise } from './steps/noisy.ts'
import { unpacked, winnow, type Finished, type Story } from './steps/winnow.ts'

const seed = 7

/** What has to be reached; shares of 1. */
interface Goals {
  readonly margin: { readonly precision: number; readonly first?: readonly [count: number, share: number] }
  readonly folds: {
    readonly precision: number
    readonly first: readonly [count: number, share: number]
    readonly noiseRate?: { readonly precision: number; readonly recall: number }
  }
}

/** Folders of photos with `share` of the training labels wrong. */
function mnistFolders(story: Story, name: string, share: number): string {
  const photos = photosRoot(unpacked(story, 'mnist-png.tar.gz', 'mnist'))
  const target = join(story.work, name)
  fileWithNoise(join(photos, 'train'), join(target, 'train'), { perClass: 1000, share, seed })
  fileWithNoise(join(photos, 'train'), join(target, 'validation'), { from: 1000, perClass: 100, share: 0, seed })
  fileWithNoise(join(photos, 'test'), join(target, 'test'), { share: 0, seed })
  return target
}

/** 10,000 training digits, 5 % of them wrong. */
export async function mnistNoise(story: Story): Promise<void> {
  const library = await imported(story, mnistFolders(story, 'mnist-noise', 0.05))
  const recipe = join(story.work, 'moved.json')
  writeFileSync(recipe, JSON.stringify(readyRecipe('light', { mirrors: false })))
  const train = [
    '--preset',
    'simple-conv',
    '--size',
    '28',
    '--epochs',
    '10',
    '--batch',
    '50',
    '--seed',
    '1',
    '--augment',
    recipe,
    '--average',
    '0.99',
  ]
  await findAgain(story, library, 'MNIST with 5 % wrong', train, {
    margin: { precision: 0.99 },
    folds: { precision: 0.99, first: [200, 0.99], noiseRate: { precision: 0.9, recall: 0.92 } },
  })
}

/** 3,068 photos of clothes, 5 % of them wrong. */
export async function clothingNoise(story: Story): Promise<void> {
  const photos = photosRoot(unpacked(story, 'clothing-photos.tar', 'clothing'))
  const folder = join(story.work, 'clothing-noise')
  fileWithNoise(join(photos, 'train'), join(folder, 'train'), { share: 0.05, seed })
  for (const split of ['validation', 'test'])
    fileWithNoise(join(photos, split), join(folder, split), { share: 0, seed })
  const library = await imported(story, folder)
  const train = [
    '--preset',
    'photo-convnet',
    '--size',
    '64',
    '--epochs',
    '15',
    '--batch',
    '32',
    '--seed',
    '1',
    '--augment',
    'light',
    '--optimizer',
    'adam',
    '--decay',
    '0',
    '--rate',
    '0.001',
    '--schedule',
    'cosine',
    '--label-smoothing',
    '0',
    '--average',
    '0.99',
  ]
  await findAgain(story, library, 'Clothing with 5 % wrong', train, {
    margin: { precision: 0.68, first: [50, 0.94] },
    folds: { precision: 0.64, first: [50, 0.9] },
  })
}

/** A fifth of the digits wrong, so that what it costs stands out of chance: the noisy run, the corrected one, and one
 *  with every label right. */
export async function correctedNoise(story: Story): Promise<void> {
  const library = await imported(story, mnistFolders(story, 'mnist-corrected', 0.2))
  const train = () =>
    winnow(
      story,
      'train',
      '-L',
      library,
      '--preset',
      'simple-conv',
      '--size',
      '28',
      '--epochs',
      '10',
      '--batch',
      '50',
      '--seed',
      '1',
    )
  const noisy = await train()
  await winnow(story, 'suspects', '-L', library, '--run', 'latest', '--top', '1')
  const shown = await putRight(story, library, runOf(noisy).id, 'shown')
  const corrected = await train()
  await putRight(story, library, runOf(noisy).id, 'all')
  const clean = await train()
  const [before, after, best] = [noisy, corrected, clean].map(run => runOf(run).summary.testAccuracy as number) as [
    number,
    number,
    number,
  ]
  story.report.add({
    what: 'MNIST with 20 % wrong: correcting what the queue shows',
    must: 'regains at least half of what the wrong labels cost',
    seconds: noisy.seconds + corrected.seconds + clean.seconds,
    adapter: runOf(noisy).summary.adapter,
    shown: `${percent(before)} -> ${percent(after)} after ${shown.decisions} decisions, ${shown.corrected} of them corrections (all labels right: ${percent(best)})`,
    held: best > before && after - before >= (best - before) / 2,
  })
}

async function imported(story: Story, folder: string): Promise<string> {
  const library = `${folder}.winnow`
  rmSync(library, { recursive: true, force: true })
  await winnow(story, 'import', folder, '-L', library)
  return library
}

async function findAgain(
  story: Story,
  library: string,
  title: string,
  train: readonly string[],
  { margin, folds }: Goals,
): Promise<void> {
  const trained = await winnow(story, 'train', '-L', library, ...train)
  judgeMargins(story, library, title, trained, margin)
  await timeToQueue(story, library, title, runOf(trained).id)
  const checked = await winnow(story, 'suspects', '-L', library, '--folds', '3', '--top', '1')
  judgeFolds(story, library, title, trained, checked.seconds, folds)
}

function judgeMargins(
  { report }: Story,
  library: string,
  title: string,
  trained: Finished,
  goal: Goals['margin'],
): void {
  const { id, summary } = runOf(trained)
  const margins = floatsOf(library, id, 'margins.f32')
  const rows = noisyRows(library, id).rows.filter(({ row }) => !Number.isNaN(margins[row]!))
  const scores = rows.map(({ row }) => margins[row]!)
  const wrong = rows.map(row => row.wrong)
  const found = averagePrecision(scores, wrong)
  const [count, share] = goal.first ?? [200, 0]
  const first = precisionAt(rankRows(Float64Array.from(scores)), wrong, count)
  report.add({
    what: `${title}: margin trace of one run`,
    must: `average precision >= ${goal.precision}${share > 0 ? `, first ${count} >= ${percent(share)}` : ''}`,
    seconds: trained.seconds,
    adapter: summary.adapter,
    held: found >= goal.precision && first >= share,
    shown: `${found.toFixed(3)} over ${rows.length} labels, first ${count} ${percent(first)}`,
  })
}

/** From the end of the run to the first suspects, as the page asks for them. */
async function timeToQueue(story: Story, library: string, title: string, runId: number): Promise<void> {
  const ms = await asking(story, library, async client => {
    const began = performance.now()
    const { id } = await client.request('suspects.find', { runId, method: 'margin-trace' })
    await client.request('suspects.page', { evidenceId: id, state: 'open', offset: 0, limit: 20 })
    return performance.now() - began
  })
  story.report.add({
    what: `${title}: from the run's end to the first 20 suspects`,
    must: '<= 1 s',
    seconds: ms / 1000,
    shown: `${ms.toFixed(0)} ms`,
    held: ms <= 1000,
  })
}

function judgeFolds(
  { report }: Story,
  library: string,
  title: string,
  trained: Finished,
  seconds: number,
  goal: Goals['folds'],
): void {
  const { id, summary } = runOf(trained)
  const { held, wrong } = heldOut(library, id)
  const scores = labelScores(held, 'self-confidence')
  const found = averagePrecision(scores, wrong)
  const first = precisionAt(rankRows(scores), wrong, goal.first[0])
  report.add({
    what: `${title}: 3 folds, by self-confidence`,
    must: `average precision >= ${goal.precision}, first ${goal.first[0]} >= ${percent(goal.first[1])}`,
    seconds,
    adapter: summary.adapter,
    shown: `${found.toFixed(3)}, first ${goal.first[0]} ${percent(first)}`,
    held: found >= goal.precision && first >= goal.first[1],
  })
  const mask = labelMasks(held, confidentJoint(held)).prune_by_noise_rate
  const flagged = wrong.filter((_, row) => mask[row] === 1)
  const hits = flagged.filter(Boolean).length
  const [precision, recall] = [hits / flagged.length, hits / wrong.filter(Boolean).length]
  const { precision: leastPrecision, recall: leastRecall } = goal.noiseRate ?? { precision: 0, recall: 0 }
  report.add({
    what: `${title}: 3 folds, prune_by_noise_rate`,
    must: goal.noiseRate ? `precision >= ${leastPrecision}, recall >= ${leastRecall}` : 'no goal',
    seconds: 0,
    shown: `${flagged.length} flagged, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
    held: precision >= leastPrecision && recall >= leastRecall,
  })
}

/** What the folds' nets say of the training rows they have not seen. */
function heldOut(library: string, runId: number) {
  const { rows, classes } = noisyRows(library, runId)
  const { foldOf } = JSON.parse(readFileSync(join(library, 'runs', String(runId), 'folds', 'deal.json'), 'utf8')) as {
    foldOf: number[]
  }
  const train = rows.filter(({ split }) => split === 0)
  const nets = Array.from({ length: 3 }, (_, fold) => floatsOf(library, runId, 'folds', `${fold}.f32`))
  const p = train.flatMap(({ row }) => [...nets[foldOf[row]!]!.subarray(row * classes, (row + 1) * classes)])
  return {
    held: labelledProbabilities(
      p,
      classes,
      train.map(({ label }) => label),
    ),
    wrong: train.map(row => row.wrong),
  }
}

interface PutRight {
  readonly decisions: number
  readonly corrected: number
}

/** A person who knows the truth: goes through the queue to its stop point, or through every photo, and puts wrong
 *  labels right. */
async function putRight(story: Story, library: string, runId: number, which: 'shown' | 'all'): Promise<PutRight> {
  const truths = new Map(
    noisyRows(library, runId).rows.flatMap(({ photoId, truth }) => (truth === null ? [] : [[photoId, truth] as const])),
  )
  return asking(story, library, async client => {
    const ids = new Map((await client.request('classes.list', {})).map(({ name, id }) => [name, id]))
    const looked = new Set(which === 'all' ? truths.keys() : await shownPhotos(client))
    const wrong = (await labelsOf(client)).filter(
      ({ id, className }) => looked.has(id) && truths.has(id) && truths.get(id) !== className,
    )
    for (const [truth, photos] of Map.groupBy(wrong, ({ id }) => truths.get(id)!)) {
      await client.request('photos.label', { selection: { ids: photos.map(({ id }) => id) }, classId: ids.get(truth)! })
    }
    return { decisions: looked.size, corrected: wrong.length }
  })
}

/** The suspects before the stop point of the newest evidence. */
async function shownPhotos(client: Client): Promise<number[]> {
  const shown: number[] = []
  for (;;) {
    const { suspects } = await client.request('suspects.page', { state: 'open', offset: shown.length, limit: 200 })
    const flagged = suspects.filter(suspect => suspect.flagged)
    shown.push(...flagged.map(({ photo }) => photo.id))
    if (flagged.length < 200) return shown
  }
}

async function labelsOf(client: Client): Promise<Photo[]> {
  const all: Photo[] = []
  for (;;) {
    const { photos } = await client.request('photos.page', {
      filter: { split: 'train' },
      sort: 'added',
      offset: all.length,
      limit: 1000,
    })
    all.push(...photos)
    if (photos.length < 1000) return all
  }
}

function runOf(trained: Finished) {
  return trained.one('run').run as {
    readonly id: number
    readonly summary: { readonly adapter: string; readonly testAccuracy: number }
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.995 ? 1 : 2)} %`
}
