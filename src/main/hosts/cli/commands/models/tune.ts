// winnow tune: measures how the hot kernels of a net are best cut on this machine's GPU, and remembers it for later
// runs. A real GPU is tuned by itself when a net is first trained; a software GPU takes minutes, so it is tuned only
// here.

import { Option, type Command } from 'commander'
import { ServiceError } from '../../../../../contract/errors.ts'
import { describePreset, prepareTraining, presetNames, type Measured } from '../../../../../core/index.ts'
import { tuningCache } from '../../../../../training/tuning-cache.ts'
import { dawnVersion, findGpu, howToGetAGpu, openFound } from '../../../gpu-node.ts'
import type { CommandContext } from '../../context.ts'
import { channelsOf, whole } from '../../options.ts'
import { seconds } from '../../texts.ts'

interface TuneOptions {
  readonly preset: string
  readonly size: number
  readonly channels: 1 | 3
  readonly classes: number
  readonly batch: number
  readonly minutes: number
}

export function addTune(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('tune')
    .description('measure how a net is best computed on this GPU, and remember it')
    .addOption(new Option('--preset <name>', 'the kind of net').choices(presetNames()).default('resnet9'))
    .option('--size <pixels>', 'size of the photos', whole(8, 512), 64)
    .option('--channels <n>', '1 for grey photos, 3 for colour', channelsOf, 3)
    .option('--classes <n>', 'number of classes', whole(2, 10_000), 10)
    .option('--batch <n>', 'photos a step', whole(1, 4096), 32)
    .option('--minutes <n>', 'stop measuring after so long', whole(1, 600), 10)
    .action((options: TuneOptions) => run(context => tune(context, options)))
}

async function tune(
  { client, output }: CommandContext,
  { preset, size, channels, classes, batch, minutes }: TuneOptions,
): Promise<void> {
  const found = await findGpu()
  if (!found) throw new ServiceError('no-gpu', 'There is no GPU to tune for.', howToGetAGpu)
  const measured: Measured[] = []
  const tuning = {
    ...tuningCache(client())(found.adapter.info, dawnVersion(), found.software),
    measures: true,
    budgetMs: minutes * 60_000,
    onMeasured: (result: Measured) => {
      measured.push(result)
      output.result(`${result.milliseconds.toFixed(3).padStart(10)} ms  ${result.config.padEnd(28)} ${result.key}`, {
        type: 'measured',
        key: result.key,
        cut: result.config,
        milliseconds: result.milliseconds,
      })
    },
  }
  const device = await openFound(found, tuning)
  const began = performance.now()
  try {
    const names = Array.from({ length: classes }, (_, i) => `class ${i + 1}`)
    await prepareTraining(
      device,
      describePreset(preset, { height: size, width: size, channels, classes: names }),
      batch,
    )
  } finally {
    device.destroy()
  }
  output.result(
    `${measured.length} kernels measured in ${seconds(performance.now() - began)}; the rest were known or found no time.`,
    { type: 'tuned', kernels: measured.length },
  )
}
