// winnow features -L <library>: what a backbone makes of every photo, kept in the library. Only new photos are computed.

import type { Command } from 'commander'
import type { Client } from '../../../../../contract/table.ts'
import { tuningCache } from '../../../../../training/tuning-cache.ts'
import type { Backbone } from '../../../../../training/features/backbone.ts'
import { computeFeatures, type ComputedFeatures } from '../../../../../training/features/compute-features.ts'
import { deviceForFeatures, openDevice, type DeviceChoice } from '../../../gpu-node.ts'
import type { CommandContext } from '../../context.ts'
import { deviceOption, libraryOption, whole } from '../../options.ts'
import { count, seconds } from '../../texts.ts'
import { backboneNamed, backboneOption } from './backbone-named.ts'

export interface FeatureOptions {
  readonly library: string
  readonly backbone: string
  readonly size?: number
  readonly device: DeviceChoice
}

export function addFeatures(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('features')
    .description('let a backbone look at every photo once: quick models and doubts about labels begin there')
    .addOption(libraryOption())
    .addOption(backboneOption())
    .option('--size <pixels>', 'photos become squares of this side; default: what suits the backbone', whole(32, 512))
    .addOption(deviceOption())
    .action((options: FeatureOptions) =>
      run(async context => {
        const { client } = await context.open(options.library)
        const found = await makeFeatures(context, client, backboneNamed(context, options.backbone), options)
        const { made, unread, photos, kind } = found
        context.output.result(
          `${count(photos, 'photo')}, ${made} of them computed now in ${seconds(1000 * found.seconds)}: ${kind.numbers} features each by ${options.backbone} at ${kind.size} pixels.${unread > 0 ? ` ${count(unread, 'photo')} could not be read.` : ''}`,
          { type: 'features', ...found },
        )
      }),
    )
}

/** Those that are missing, with a bar while it takes. */
export async function makeFeatures(
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
  client: Client,
  backbone: Backbone,
  { size, device }: Pick<FeatureOptions, 'size' | 'device'>,
): Promise<ComputedFeatures> {
  const bar = output.progress('features')
  try {
    return await computeFeatures({
      client,
      backbone,
      size: size ?? backbone.size,
      signal,
      openDevice: async () => openDevice(await deviceForFeatures(device), tuningCache(client)),
      onProgress: (done, total) => bar.update(done, total),
    })
  } finally {
    bar.stop()
  }
}
