// winnow review -L <library>: photos the model answers otherwise than their label, most confident first; with --import
// another tool's predictions as suspects; with --compare two runs side by side on the photos that neither learnt from;
// with --runs several as one.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { ServiceError } from '../../../../../contract/errors.ts'
import type { Ensemble, Photo, PhotoFilter, RunComparison, SplitName } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import { findRun, type CommandContext } from '../../context.ts'
import { classOf } from '../photos/label.ts'
import { libraryOption, runOption, splitOption, whole } from '../../options.ts'
import { pathOf } from '../../photos.ts'
import { listLabelIssues } from './label-issues.ts'
import { count, percent, table } from '../../texts.ts'

interface ReviewOptions {
  readonly library: string
  readonly run: string
  readonly top: number
  readonly import?: string
  readonly compare?: string
  readonly runs?: readonly string[]
  readonly split?: SplitName
  readonly label?: string
  readonly answer?: string
}

export function addReview(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('review')
    .description('list mispredicted photos, most confident first: a wrong label or a hard photo')
    .addOption(libraryOption())
    .addOption(runOption())
    .option('--top <n>', 'how many to list', whole(1, 100_000), 20)
    .option('--label <class>', 'of these labels only: with --answer one cell of the confusion matrix')
    .option('--answer <class>', 'of these answers only')
    .option(
      '--import <file.csv>',
      'take predictions of another tool: a column "path" and a column of probabilities for each class',
    )
    .option('--compare <run>', 'show what changed from this earlier run')
    .option('--runs <runs>', 'several runs as one: say how right the mean of their answers is, such as 1,2,3', runList)
    .addOption(splitOption())
    .action((options: ReviewOptions) => run(context => reviewAs(context, options)))
}

async function reviewAs(context: CommandContext, options: ReviewOptions): Promise<void> {
  if (options.import !== undefined) await importPredictions(context, options, options.import)
  else if (options.runs !== undefined) await ensemble(context, options, options.runs)
  else if (options.compare !== undefined) await compare(context, options, options.compare)
  else await review(context, options)
}

/** Lists them. */
export async function review(
  context: CommandContext,
  options: Pick<ReviewOptions, 'library' | 'run' | 'top' | 'label' | 'answer' | 'split'>,
): Promise<void> {
  const { library, run, top, label, answer, split } = options
  const { output } = context
  const { client } = await context.open(library)
  const runId = await findRun(client, run)
  const { total, photos } = await mispredicted(client, top, {
    runId,
    ...(split && { split }),
    ...(label !== undefined && { classId: await classOf(client, label) }),
    ...(answer !== undefined && { predictedClassId: await classOf(client, answer) }),
  })
  output.result(
    `${count(total, 'photo')} of run ${runId} answered otherwise than labelled${total > photos.length ? `; the ${photos.length} most confident` : ''}:`,
    { type: 'summary', runId, total },
  )
  if (!output.json && photos.length > 0)
    output.result(table([['photo', 'label', 'model says', 'sure', 'file'], ...photos.map(rowOf)]), { type: 'table' })
  if (output.json) for (const photo of photos) output.result('', { type: 'photo', photo })
}

/** The most confident mispredicted photos of a run, those of a cell of its confusion matrix where classes are given. */
export async function mispredicted(
  client: Client,
  top: number,
  cell: PhotoFilter,
): Promise<{ total: number; photos: Photo[] }> {
  const photos: Photo[] = []
  for (;;) {
    const page = await client.request('photos.page', {
      filter: { ...cell, wrong: true },
      sort: 'confidence',
      offset: photos.length,
      limit: Math.min(1000, top - photos.length),
    })
    photos.push(...page.photos)
    if (photos.length >= top || page.photos.length === 0) return { total: page.total, photos }
  }
}

function rowOf(photo: Photo): string[] {
  return [
    String(photo.id),
    photo.className ?? '-',
    photo.prediction?.className ?? '-',
    photo.prediction ? percent(photo.prediction.confidence) : '-',
    pathOf(photo),
  ]
}

async function importPredictions(
  context: CommandContext,
  { library, top }: ReviewOptions,
  file: string,
): Promise<void> {
  const { client } = await context.open(library)
  const { evidence, unmatched } = await client.request('suspects.import', {
    csv: readBytes(resolve(context.host.cwd, file)).toString('base64'),
  })
  if (unmatched.length > 0) {
    const some = unmatched.slice(0, 3).join(', ')
    context.output.note(
      `${count(unmatched.length, 'path')} of the file ${unmatched.length === 1 ? 'is no labelled photo' : 'are no labelled photos'} of this library: ${some}${unmatched.length > 3 ? ' ...' : ''}`,
    )
  }
  await listLabelIssues(context, client, evidence, top)
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new ServiceError(
      'cannot-read',
      `${file} could not be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      'Check the path.',
    )
  }
}

async function compare(
  context: CommandContext,
  { library, run, split }: ReviewOptions,
  earlier: string,
): Promise<void> {
  const { client } = await context.open(library)
  const [before, after] = [await findRun(client, earlier), await findRun(client, run)]
  if (before === after)
    throw new ServiceError(
      'same-run',
      `Run ${after} would be compared with itself.`,
      'Name another run with --run or --compare.',
    )
  const { photos } = await client.request('runs.get', { runId: after })
  const found = await client.request('review.compare', {
    before,
    after,
    split: split ?? (photos.test > 0 ? 'test' : 'validation'),
  })
  context.output.result(comparisonText(found), { type: 'comparison', comparison: found })
}

function runList(text: string): string[] {
  const runs = text.split(',').map(run => run.trim())
  if (runs.length >= 2 && runs.every(run => /^\d+$/.test(run)) && new Set(runs).size === runs.length) return runs
  throw new InvalidArgumentError('It must be the numbers of at least two different runs, such as 1,2,3.')
}

async function ensemble(
  context: CommandContext,
  { library, split }: ReviewOptions,
  runs: readonly string[],
): Promise<void> {
  const { client } = await context.open(library)
  const runIds = await Promise.all(runs.map(run => findRun(client, run)))
  const { photos } = await client.request('runs.get', { runId: runIds[0]! })
  const found = await client.request('review.ensemble', {
    runIds,
    split: split ?? (photos.test > 0 ? 'test' : 'validation'),
  })
  context.output.result(ensembleText(found), { type: 'ensemble', ensemble: found })
}

function ensembleText({ split, photos, accuracy, runs }: Ensemble): string[] {
  const rows = [...runs.map(run => [run.name, shown(run.accuracy)]), ['together', shown(accuracy)]]
  return [`${count(photos, 'photo')} of the ${split} split that all runs hold:`, ...table(rows)]
}

function shown({ value, low, high }: RunComparison['accuracyBefore']): string {
  return value === null ? '-' : `${percent(value)} (${(low * 100).toFixed(1)} to ${percent(high)})`
}

function comparisonText({
  before,
  after,
  split,
  photos,
  relabelled,
  accuracyBefore,
  accuracyAfter,
  fixed,
  broken,
  chance,
  classes,
}: RunComparison): string[] {
  const right = (hits: number, of: number) => (of === 0 ? '-' : percent(hits / of))
  const rows = classes.map(own => [
    own.name,
    String(own.photos),
    right(own.rightBefore, own.photos),
    right(own.rightAfter, own.photos),
  ])
  return [
    `${count(photos, 'photo')} of the ${split} split that both runs hold${relabelled > 0 ? `, ${relabelled} with a corrected label` : ''}:`,
    `run ${before}: ${shown(accuracyBefore)}   run ${after}: ${shown(accuracyAfter)}`,
    `${fixed} answers became right, ${broken} became wrong; by chance alone so much would come about in ${percent(chance)} of all cases.`,
    ...table([['class', 'photos', `run ${before}`, `run ${after}`], ...rows]),
  ]
}
