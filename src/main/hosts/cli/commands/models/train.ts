// winnow train -L <library>: one run with the settings given, and sensible ones for the rest; or with --continue a
// stopped run to its end. --from begins with weights that were learnt before; --summary shows the net and trains
// nothing.

import type { Command } from 'commander'
import { ServiceError } from '../../../../../contract/errors.ts'
import type { DeviceKind, RunSettings } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import { kindOfDevice, type DeviceChoice } from '../../../gpu-node.ts'
import { findRun, type CommandContext } from '../../context.ts'
import { weightsNamed } from './initial-weights.ts'
import { describeNet } from './net-summary.ts'
import { deviceOption, libraryOption } from '../../options.ts'
import { recipeFrom } from '../../augmentation-recipe.ts'
import { addSettingOptions, type SettingOptions } from './train-options.ts'
import { trainOne } from './training.ts'

interface TrainOptions extends SettingOptions {
  readonly library: string
  readonly device: DeviceChoice
  readonly continue?: string
  readonly summary?: boolean
}

export function addTrain(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  const command = program
    .command('train')
    .description('train a model; what is not given is chosen to suit the photos')
    .addOption(libraryOption())
    .addOption(deviceOption())
  addSettingOptions(command)
    .option('--continue <run>', 'go on with a stopped run, with the settings it has')
    .option('--summary', 'show the net, its parameters, FLOPs and memory, and train nothing')
    .action((options: TrainOptions) => run(context => train(context, options)))
}

async function train(
  context: CommandContext,
  { library, device, continue: stopped, summary, ...given }: TrainOptions,
): Promise<void> {
  const { client } = await context.open(library)
  if (stopped === undefined) return begin(context, client, given, device, summary ?? false)
  const extra = Object.keys(given).filter(name => name !== 'json')
  if (extra.length > 0)
    throw new ServiceError(
      'bad-settings',
      `A run goes on with the settings it has; ${extra.join(', ')} cannot be changed.`,
      'Leave them out, or train a new run with --from.',
    )
  await trainOne(
    context,
    client,
    await client.request('runs.resume', { runId: await findRun(client, stopped, ['stopped', 'failed']) }),
    device,
  )
}

async function begin(
  context: CommandContext,
  client: Client,
  { from, ...given }: SettingOptions,
  device: DeviceChoice,
  summary: boolean,
): Promise<void> {
  const weights = from === undefined ? null : await weightsNamed(context, client, from, given)
  const settings = await settingsFor(
    context,
    client,
    { ...given, device: await kindOfDevice(device) },
    weights?.settings ?? {},
  )
  if (summary) return describeNet(context.output, settings, await classNames(client))
  const run = await client.request('runs.create', settings)
  if (weights?.bytes) await client.putBytes('beginning', { runId: run.id }, weights.bytes)
  await trainOne(context, client, run, device)
}

/** The service's suggestion, in its place what the weights to begin with ask for, and before both what was given. */
async function settingsFor(
  context: CommandContext,
  client: Client,
  { augment, device, ...given }: Omit<SettingOptions, 'from'> & { device: DeviceKind },
  ofWeights: Partial<RunSettings>,
): Promise<RunSettings> {
  const {
    settings: { decay, ...settings },
  } = await client.request('runs.suggest', { device })
  const own = given.optimizer === undefined && decay !== undefined ? { decay } : {} // another optimizer means another thing by it
  return { ...settings, ...own, ...ofWeights, ...given, ...(augment !== undefined && augmentation(context, augment)) }
}

/** Those a run would have now. */
async function classNames(client: Client): Promise<string[]> {
  return (await client.request('classes.list', {})).filter(({ photos }) => photos > 0).map(({ name }) => name)
}

/** What `--augment` says. ServiceErrors of `recipeFrom`. */
function augmentation(context: CommandContext, text: string): Pick<RunSettings, 'augment' | 'augmentation'> {
  return text === 'none' ? { augment: false } : { augment: true, augmentation: recipeFrom(context, text) }
}
