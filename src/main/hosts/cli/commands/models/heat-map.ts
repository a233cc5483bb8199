// winnow heat-map -L <library> <photo> -o <file.png>: where in a photo a run's model saw its answer, or any other
// class.

import { resolve } from 'node:path'
import type { Command } from 'commander'
import { ServiceError } from '../../../../../contract/errors.ts'
import type { Run } from '../../../../../contract/records.ts'
import { openHeatMaps } from '../../../../../training/heat-map.ts'
import { heatPicture } from '../../../../pixels/heat-picture.ts'
import { openDevice, type DeviceChoice } from '../../../gpu-node.ts'
import { findRun, type CommandContext } from '../../context.ts'
import { deviceOption, endingIn, libraryOption, runOption } from '../../options.ts'
import { findPhoto, pathOf } from '../../photos.ts'
import { percent } from '../../texts.ts'
import { writeWhole } from '../../write-whole.ts'

interface HeatMapOptions {
  readonly library: string
  readonly run: string
  readonly class?: string
  readonly device: DeviceChoice
  readonly output: string
}

export function addHeatMap(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('heat-map')
    .description('show where in a photo the model saw its answer (Grad-CAM), as a picture')
    .argument('<photo>', 'its number as review prints it, or the end of its path')
    .addOption(libraryOption())
    .addOption(runOption())
    .option('--class <name>', 'ask about this class instead of the answer')
    .addOption(deviceOption())
    .requiredOption('-o, --output <file.png>', 'where to write the picture', endingIn('.png'))
    .action((photo: string, options: HeatMapOptions) => run(context => heatMap(context, photo, options)))
}

async function heatMap(context: CommandContext, typed: string, options: HeatMapOptions): Promise<void> {
  const { client } = await context.open(options.library)
  const photo = await findPhoto(client, typed)
  const runId = await findRun(client, options.run)
  const run = await client.request('runs.get', { runId })
  const row = (await client.request('runs.rows', { runId })).photoIds.indexOf(photo.id)
  if (row < 0)
    throw new ServiceError(
      'not-in-run',
      `${pathOf(photo)} was not part of ${run.name}.`,
      'Train again, or choose another photo.',
    )
  const asked = options.class === undefined ? undefined : labelOf(run, options.class)
  const maps = await openHeatMaps({ client, runId, openDevice: () => openDevice(options.device) })
  try {
    const { heat, label, probabilities, pixels } = await maps.ofRow(row, asked)
    const file = resolve(context.host.cwd, options.output)
    const { size, channels } = run.settings
    writeWhole(file, heatPicture({ pixels, size, channels, heat }))
    const { name } = run.classes[label]!
    context.output.result(
      `${file}: what speaks for “${name}” (${percent(probabilities[label]!)}) in ${pathOf(photo)}.`,
      { type: 'heat-map', file, photoId: photo.id, class: name, probability: probabilities[label], heat: [...heat] },
    )
  } finally {
    maps.close()
  }
}

/** ServiceError 'no-class' with the names there are. */
function labelOf({ name: run, classes }: Run, name: string): number {
  const label = classes.findIndex(own => own.name === name.normalize('NFC'))
  if (label >= 0) return label
  throw new ServiceError(
    'no-class',
    `${run} does not know the class "${name}".`,
    `It knows: ${classes.map(own => own.name).join(', ')}.`,
  )
}
