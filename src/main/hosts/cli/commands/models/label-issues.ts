// winnow suspects: photos whose label is probably wrong, most suspicious first. Without a run by heads on features, before
// any training; with --run from its margin trace or from cross-validation (--folds); or from another tool's NumPy arrays
// (--pred-probs with --labels). A queue with a stop point, never a verdict.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { ServiceError } from '../../../../../contract/errors.ts'
import type { LabelIssueReport, LabelIssue } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import { tuningCache } from '../../../../../training/tuning-cache.ts'
import { trainFolds } from '../../../../../training/cross-validation.ts'
import { filterNames, type FilterName } from '../../../../review/labels/label-filters.ts'
import { scoreNames, type LabelScoreName } from '../../../../review/labels/label-scores.ts'
import { labelCheckLines } from '../../../../review/labels/label-issues-text.ts'
import { checkNpyLabels } from '../../../../review/labels/label-issues.ts'
import { openDevice, type DeviceChoice } from '../../../gpu-node.ts'
import { findRun, type CommandContext } from '../../context.ts'
import { backboneOption } from './backbone-named.ts'
import { checkByFeatures } from './quick.ts'
import { deviceOption, namedChoice, whole, wrongUsage } from '../../options.ts'
import { count, percent, seconds, table } from '../../texts.ts'
import { pathOf } from '../../photos.ts'

interface SuspectsOptions {
  readonly library?: string
  readonly run?: string
  readonly backbone: string
  readonly size?: number
  readonly top: number
  readonly folds?: number
  readonly seed: number
  readonly device: DeviceChoice
  readonly predProbs?: string
  readonly labels?: string
  readonly filter?: FilterName
  readonly score?: LabelScoreName
}

export function addLabelIssues(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('suspects')
    .description('list photos whose label is probably wrong, most suspicious first')
    .option('-L, --library <folder>', 'the library: a folder that ends in .winnow')
    .option('--run <run>', 'by this run: its number, or "latest"; without it by features, before any training')
    .addOption(backboneOption())
    .option('--size <pixels>', 'of the photos that features are made of', whole(32, 512))
    .option(
      '--folds <n>',
      'so many folds; with --run cross-validation: trains as many nets, each judging photos it has not seen',
      whole(2, 20),
    )
    .option('--seed <n>', 'deals the photos into folds', whole(0, 0xffffffff), 1)
    .option('--top <n>', 'how many to list', whole(1, 100_000), 20)
    .addOption(deviceOption())
    .option(
      '--pred-probs <file>',
      'instead of a library: out-of-sample probabilities of any tool, a NumPy array [rows, classes]',
    )
    .option('--labels <file>', 'with --pred-probs: the given labels, a NumPy array [rows]')
    .addOption(namedChoice('--filter <filter>', 'with --pred-probs: what is flagged', filterNames))
    .addOption(namedChoice('--score <score>', 'with --pred-probs: what the order is by', scoreNames))
    .action((options: SuspectsOptions, command: Command) => {
      checkSource(options, command)
      return run(context => suspects(context, options))
    })
}

function checkSource({ library, predProbs, labels }: SuspectsOptions, command: Command): void {
  if ((predProbs === undefined) !== (labels === undefined))
    wrongUsage(command, 'options --pred-probs and --labels belong together. Give both files.')
  if (library === undefined && predProbs === undefined)
    wrongUsage(
      command,
      'there is nothing to look at. Name a library with -L, or arrays with --pred-probs and --labels.',
    )
}

async function suspects(context: CommandContext, options: SuspectsOptions): Promise<void> {
  if (options.predProbs !== undefined) return foreignSuspects(context, options.predProbs, options.labels!, options)
  const { client } = await context.open(options.library!)
  const runId = await runToAsk(client, options)
  if (runId === null) return suspectsByFeatures(context, client, options)
  if (options.folds !== undefined) await crossValidate(context, client, runId, options.folds, options)
  const evidence = await client.request('suspects.find', {
    runId,
    method: options.folds === undefined ? 'margin-trace' : 'folds',
  })
  await listLabelIssues(context, client, evidence, options.top)
}

/** Null where features are to answer: no run was named, and no cross-validation is asked for. A quick model is a head on
 *  features, so its cross-validation is theirs. */
async function runToAsk(client: Client, { run, folds }: SuspectsOptions): Promise<number | null> {
  if (run === undefined && folds === undefined) return null
  const done = await client.request('runs.list', {})
  if (run === undefined && !done.some(({ state }) => state === 'done' || state === 'stopped')) return null
  const runId = await findRun(client, run ?? 'latest')
  return done.find(({ id }) => id === runId)!.settings.head === 'linear' ? null : runId
}

async function suspectsByFeatures(
  context: CommandContext,
  client: Client,
  { library, backbone, size, device, folds, seed, top }: SuspectsOptions,
): Promise<void> {
  const evidence = await checkByFeatures(context, client, {
    library: library!,
    backbone,
    device,
    seed,
    ...(size !== undefined && { size }),
    ...(folds !== undefined && { folds }),
  })
  await listLabelIssues(context, client, evidence, top)
}

async function crossValidate(
  { output, signal }: CommandContext,
  client: Client,
  runId: number,
  folds: number,
  { seed, device }: SuspectsOptions,
): Promise<void> {
  const bar = output.progress('folds')
  try {
    const complete = await trainFolds({
      client,
      runId,
      folds,
      seed,
      signal,
      openDevice: () => openDevice(device, tuningCache(client)),
      onProgress: ({ fold, done, secondsLeft }) =>
        bar.update(
          Math.round(1000 * done),
          1000,
          `fold ${fold + 1} of ${folds}${secondsLeft === null ? '' : `, ${seconds(1000 * secondsLeft)} left`}`,
        ),
    })
    if (!complete)
      throw new ServiceError(
        'cancelled',
        'The cross-validation was stopped; the folds that are done are kept.',
        'Run the same command again to go on.',
      )
  } finally {
    bar.stop()
  }
}

/** The most suspicious photos of the evidence that are not decided yet. */
export async function listLabelIssues(
  { output }: CommandContext,
  client: Client,
  evidence: LabelIssueReport,
  top: number,
): Promise<void> {
  const { labelRevision } = (await client.request('library.current', {}))!
  if (labelRevision > evidence.labelRevision)
    output.note(
      'Labels have changed since they were checked. What was decided is left out; the next run looks at all of them anew.',
    )
  const found: LabelIssue[] = []
  for (;;) {
    const page = await client.request('suspects.page', {
      evidenceId: evidence.id,
      state: 'open',
      offset: found.length,
      limit: Math.min(200, top - found.length),
    })
    found.push(...page.suspects)
    if (page.suspects.length === 0 || found.length >= top) break
  }
  output.result(
    `Before the stop point: ${count(evidence.flagged, 'photo')} of ${evidence.photos}. The most suspicious that are not decided yet${found.length === 0 ? ': none.' : ` (${found.length}):`}`,
    { type: 'evidence', evidence },
  )
  if (!output.json && found.length > 0)
    output.result(table([['photo', 'label', 'rather', 'sure', 'file'], ...found.map(rowOf)]), { type: 'table' })
  if (output.json) for (const suspect of found) output.result('', { type: 'suspect', suspect })
}

function rowOf({ photo, proposedClassName, proposedProbability }: LabelIssue): string[] {
  return [
    String(photo.id),
    photo.className ?? '-',
    proposedClassName,
    proposedProbability === null ? '-' : percent(proposedProbability),
    pathOf(photo),
  ]
}

function foreignSuspects(
  { output, host }: CommandContext,
  predProbs: string,
  labels: string,
  { filter, score }: SuspectsOptions,
): void {
  const read = (file: string) => readArray(resolve(host.cwd, file))
  const report = checkNpyLabels(read(predProbs), read(labels), {
    ...(filter && { filter }),
    ...(score && { score }),
  })
  output.result(labelCheckLines(report), { type: 'suspects', ...report })
}

function readArray(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file))
  } catch (error) {
    throw new ServiceError(
      'cannot-read',
      `${file} could not be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      'Check the path.',
    )
  }
}
