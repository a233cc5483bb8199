// winnow evaluate -L <library>: how good a run really is: accuracy with its interval, each class, confusion, how far
// its confidences can be believed, what a threshold buys, and what to do next. Also as a CSV or as one HTML page.

import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { ServiceError } from '../../../../../contract/errors.ts'
import type { Run, SplitName } from '../../../../../contract/records.ts'
import type { Client, RequestParams } from '../../../../../contract/table.ts'
import { findRun, type CommandContext } from '../../context.ts'
import {
  calibrationText,
  classText,
  confusionText,
  type MatrixForm,
  matrixForms,
  summaryText,
} from './evaluate-text.ts'
import { libraryOption, runOption, splitOption } from '../../options.ts'
import { count } from '../../texts.ts'
import { writeWhole } from '../../write-whole.ts'

interface EvaluateOptions {
  readonly library: string
  readonly run: string
  readonly split?: SplitName
  readonly matrix: MatrixForm
  readonly folds?: boolean
  readonly withoutSuspects?: boolean
  readonly html?: string
  readonly csv?: string
  readonly language: 'en' | 'ko'
}

type Judged = RequestParams<'review.report'>

export function addEvaluate(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('evaluate')
    .description('say how good a run is, how far its confidence can be believed, and what to do next')
    .addOption(libraryOption())
    .addOption(runOption())
    .addOption(splitOption())
    .addOption(
      new Option('--matrix <form>', 'the confusion matrix as counts, or as shares of its rows or columns')
        .choices([...matrixForms])
        .default('counts'),
    )
    .option('--folds', 'let nets of the cross-validation answer that have not seen the photo (winnow suspects --folds)')
    .option('--without-suspects', 'once more without the photos whose labels are doubted')
    .option('--html <file>', 'write a report as one page')
    .option('--csv <file>', 'write one line a photo')
    .addOption(new Option('--language <language>', 'of the page').choices(['en', 'ko']).default('en'))
    .action((options: EvaluateOptions) => run(context => evaluate(context, options)))
}

async function evaluate(context: CommandContext, options: EvaluateOptions): Promise<void> {
  const { client } = await context.open(options.library)
  const run = await client.request('runs.get', { runId: await findRun(client, options.run) })
  const judged = {
    runId: run.id,
    split: options.split ?? (run.photos.test > 0 ? 'test' : 'validation'),
    ...(options.folds && { folds: true }),
  } as const
  await tell(context, client, run, judged, options.matrix)
  if (options.withoutSuspects) await tellWithoutSuspects(context, client, run, judged)
  await write(context, client, judged, options)
}

async function tell(
  { output }: CommandContext,
  client: Client,
  run: Run,
  judged: Judged,
  matrix: MatrixForm,
): Promise<void> {
  const report = await client.request('review.report', judged)
  const calibration = await client.request('review.calibration', judged)
  const confusion = await client.request('review.confusion', judged)
  const advice = await client.request('review.advice', { runId: run.id })
  const title = `${run.name}, ${count(report.photos, `${judged.split} photo`)}${judged.folds ? ', by nets that have not seen them' : ''}`
  const text = [
    ...summaryText(title, report, calibration),
    '',
    ...classText(report),
    '',
    ...confusionText(confusion, matrix),
    '',
    ...calibrationText(calibration),
    ...(advice.length > 0 ? ['', ...advice.map(item => item.text)] : []),
  ]
  output.result(text, { type: 'evaluation', report, calibration, confusion, advice })
}

/** The same photos less those before the stop point of the run's newest report. ServiceError 'no-evidence'. */
async function tellWithoutSuspects(
  { output }: CommandContext,
  client: Client,
  run: Run,
  judged: Judged,
): Promise<void> {
  const evidence = (await client.request('suspects.list', {})).find(({ runId }) => runId === run.id)
  if (!evidence)
    throw new ServiceError(
      'no-evidence',
      `The labels of ${run.name} have not been checked yet.`,
      'Run "winnow suspects" first.',
    )
  const less = { ...judged, withoutSuspectsOf: evidence.id }
  const report = await client.request('review.report', less)
  const calibration = await client.request('review.calibration', less)
  const title = `Without the photos whose labels are doubted, ${count(report.photos, `${judged.split} photo`)}`
  output.result(['', ...summaryText(title, report, calibration)], {
    type: 'evaluation-without-suspects',
    evidence,
    report,
    calibration,
  })
}

async function write(
  { output, host }: CommandContext,
  client: Client,
  { runId, split }: Judged,
  { html, csv, language }: EvaluateOptions,
): Promise<void> {
  for (const [format, file] of [
    ['html', html],
    ['csv', csv],
  ] as const) {
    if (file === undefined) continue
    const path = resolve(host.cwd, file)
    writeWhole(path, await client.getBytes('report', { runId, split, format, language }))
    output.result(`Written: ${path}`, { type: 'report', format, file: path })
  }
}
