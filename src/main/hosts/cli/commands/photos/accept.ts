// winnow accept -L <library>: labels for photos that have none, as heads on features propose them. Without --above it changes
// nothing: it tells how many photos are how sure, and which are the most useful to label by hand.

import { InvalidArgumentError, type Command } from 'commander'
import type { ProposalSummary } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import type { CommandContext } from '../../context.ts'
import { deviceOption, libraryOption, whole } from '../../options.ts'
import { pathOf } from '../../photos.ts'
import { count, percent, table } from '../../texts.ts'
import { backboneOption } from '../models/backbone-named.ts'
import type { FeatureOptions } from '../models/features.ts'
import { checkByFeatures } from '../models/quick.ts'

interface AcceptOptions extends FeatureOptions {
  readonly above?: number
  readonly top: number
}

export function addAccept(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('accept')
    .description(
      'label photos without a label as heads on features propose; without --above only tell what is proposed',
    )
    .addOption(libraryOption())
    .option('--above <confidence>', 'label every photo whose proposal is at least so sure, such as 0.95', readShare)
    .option('--top <n>', 'without --above: how many of the most useful to label by hand are listed', whole(1, 1000), 10)
    .addOption(backboneOption())
    .option('--size <pixels>', 'photos become squares of this side; default: what suits the backbone', whole(32, 512))
    .addOption(deviceOption())
    .action((options: AcceptOptions) => run(context => accept(context, options)))
}

function readShare(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)
  if (!(value >= 0.5 && value <= 1))
    throw new InvalidArgumentError('It must be a confidence from 0.5 to 1, such as 0.95 or 95%.')
  return value
}

async function accept(context: CommandContext, options: AcceptOptions): Promise<void> {
  const { output } = context
  const { client } = await context.open(options.library)
  if ((await client.request('proposals.summary', {})).unlabelled === 0) {
    output.result('Every usable photo has a label.', { type: 'proposals', unlabelled: 0 })
    return
  }
  await checkByFeatures(context, client, options)
  const summary = await client.request('proposals.summary', {})
  if (options.above === undefined) await tellProposals(context, client, summary, options.top)
  else await label(context, client, summary, options.above)
}

/** What would become of it is known only for the steps of the summary: the nearest one below. */
async function label(
  { output }: CommandContext,
  client: Client,
  summary: ProposalSummary,
  above: number,
): Promise<void> {
  const step = summary.above.findLast(({ confidence }) => confidence <= above + 1e-9)
  const decision = await client.request('proposals.accept', { above })
  const left = summary.unlabelled - decision.changed
  output.result(
    decision.changed === 0
      ? `No proposal is ${percent(above)} sure. ${count(left, 'photo')} without a label.`
      : `${decision.text}; about ${Math.round(step?.wrong ?? 0)} of them may be wrong. Still without a label: ${left}. winnow undo takes it back.`,
    { type: 'decision', ...decision, expectedWrong: step?.wrong ?? null, left },
  )
}

const shownSteps = [0.5, 0.8, 0.9, 0.95, 0.99]

async function tellProposals(
  { output }: CommandContext,
  client: Client,
  summary: ProposalSummary,
  top: number,
): Promise<void> {
  const { proposals } = await client.request('proposals.page', {
    order: 'useful',
    offset: 0,
    limit: Math.min(200, top),
  })
  const steps = summary.above.filter(({ confidence }) => shownSteps.includes(confidence))
  output.result(
    [
      `Without a label: ${count(summary.unlabelled, 'photo')}. Nothing is changed; --above labels those that are so sure:`,
      ...table([
        ['at least', 'photos', 'may be wrong'],
        ...steps.map(({ confidence, photos, wrong }) => [percent(confidence), String(photos), wrong.toFixed(1)]),
      ]),
      '',
      'Most useful to label by hand:',
      ...table([
        ['photo', 'proposed', 'sure', 'or', 'file'],
        ...proposals.map(({ photo, className, confidence, secondClassName }) => [
          String(photo.id),
          className,
          percent(confidence),
          secondClassName ?? '-',
          pathOf(photo),
        ]),
      ]),
    ],
    { type: 'proposals', ...summary, proposals },
  )
}
