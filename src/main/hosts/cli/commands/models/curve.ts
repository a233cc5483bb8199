// winnow curve -L <library>: how many more photos? A run's settings once more with a quarter and a half of its training
// photos, and what the three together say of twice as many.

import type { Command } from 'commander'
import type { LearningCurve, Run } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import type { DeviceChoice } from '../../../gpu-node.ts'
import { findRun, type CommandContext } from '../../context.ts'
import { deviceOption, libraryOption, runOption } from '../../options.ts'
import { count, percent, table } from '../../texts.ts'
import { trainOne } from './training.ts'

interface CurveOptions {
  readonly library: string
  readonly run: string
  readonly device: DeviceChoice
}

const shares = [0.25, 0.5]

export function addCurve(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('curve')
    .description('train with a quarter and a half of the photos, to say what more of them would bring')
    .addOption(libraryOption())
    .addOption(runOption())
    .addOption(deviceOption())
    .action((options: CurveOptions) => run(context => curve(context, options)))
}

async function curve(context: CommandContext, { library, run, device }: CurveOptions): Promise<void> {
  const { client } = await context.open(library)
  const whole = await client.request('runs.get', { runId: await findRun(client, run) })
  const runIds = [whole.id]
  for (const share of shares) runIds.unshift((await runWithShare(context, client, whole, share, device)).id)
  const found = await client.request('review.learningCurve', { runIds })
  context.output.result(curveText(found), { type: 'curve', curve: found })
}

/** From fresh weights: what an earlier run has learnt from all photos would hide what few can teach. */
async function runWithShare(
  context: CommandContext,
  client: Client,
  { settings }: Run,
  share: number,
  device: DeviceChoice,
): Promise<Run> {
  const { fromRunId: _, ...fresh } = settings
  const created = await client.request('runs.create', { ...fresh, trainShare: share * (settings.trainShare ?? 1) })
  await client.request('runs.rename', { runId: created.id, name: `${created.name} (${percent(share)} of the photos)` })
  return trainOne(context, client, created, device)
}

function curveText({ points, doubled, advice }: LearningCurve): string[] {
  const rows = points.map(({ runId, trainPhotos, accuracy }) => [
    String(runId),
    count(trainPhotos, 'photo'),
    accuracy.value === null
      ? '-'
      : `${percent(accuracy.value)} (${(accuracy.low * 100).toFixed(1)} to ${percent(accuracy.high)})`,
  ])
  return [
    ...table([['run', 'learnt from', 'validation accuracy (95 %)'], ...rows]),
    `Twice as many (${doubled.trainPhotos}): ${(doubled.gain * 100).toFixed(1)} points more (${(doubled.low * 100).toFixed(1)} to ${(doubled.high * 100).toFixed(1)}).`,
    advice.text,
  ]
}
