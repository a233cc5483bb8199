// winnow train -L <library>: one run with the settings given, and sensible ones for the rest.

import { Option, type Command } from 'commander'
import { presetNames } from '../../../core/index.ts'
import type { RunSettings } from '../../../contract/records.ts'
import type { Client } from '../../../contract/table.ts'
import type { DeviceChoice } from '../gpu-node.ts'
import type { CommandContext } from './context.ts'
import { deviceOption, libraryOption, whole } from './options.ts'
import { trainOne } from './training.ts'

interface TrainOptions extends Partial<Pick<RunSettings, 'preset' | 'size' | 'epochs' | 'batch' | 'seed'>> {
  readonly library: string
  readonly device: DeviceChoice
}

export function addTrain(program: Command, run: (work: (context: CommandContext) => Promise<void>) => Promise<void>): void {
  program.command('train')
    .description('train a model; what is not given is chosen to suit the photos')
    .addOption(libraryOption())
    .addOption(new Option('--preset <name>', 'the kind of net').choices(presetNames()))
    .option('--size <pixels>', 'photos are squashed to this size', whole(8, 512))
    .option('--epochs <n>', 'how often each photo is shown', whole(1, 10_000))
    .option('--batch <n>', 'photos a step', whole(1, 4096))
    .option('--seed <n>', 'the same seed gives the same run', whole(0, 0xffffffff))
    .addOption(deviceOption())
    .action((options: TrainOptions) => run(context => train(context, options)))
}

async function train(context: CommandContext, { library, device, ...given }: TrainOptions): Promise<void> {
  const { client } = await context.open(library)
  await trainOne(context, client, await settingsFor(client, given), device)
}

/** The service's suggestion with what was given in its place. */
async function settingsFor(client: Client, given: Partial<RunSettings>): Promise<RunSettings> {
  const { settings } = await client.request('runs.suggest', {})
  const { preset, size, epochs, batch, seed } = { ...settings, ...given }
  return { ...settings, preset, size, epochs, batch, seed }
}
