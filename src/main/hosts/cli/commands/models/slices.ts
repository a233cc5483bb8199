// winnow slices -L <library> --by <column>: how good a run is for each value of a column, the worst first.

import { Option, type Command } from 'commander'
import { photoColumns, SplitName } from '../../../../../contract/records.ts'
import { findRun, type CommandContext } from '../../context.ts'
import { libraryOption, runOption, whole } from '../../options.ts'
import { count, percent } from '../../texts.ts'

interface SlicesOptions {
  readonly library: string
  readonly run: string
  readonly by: string
  readonly split: SplitName
  readonly top: number
}

export function addSlices(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('slices')
    .description('accuracy for each value of a column, the worst first')
    .addOption(libraryOption())
    .addOption(runOption())
    .option(
      '--by <column>',
      `${photoColumns.join(', ')}, or a pattern of folder and name, such as '/(night|day)/'`,
      'class',
    )
    .addOption(new Option('--split <split>', 'which photos').choices(SplitName.options).default('validation'))
    .option('--top <n>', 'how many values are shown', whole(1, 10_000), 20)
    .action((options: SlicesOptions) => run(context => tellSlices(context, options)))
}

async function tellSlices(context: CommandContext, { library, run, by, split, top }: SlicesOptions): Promise<void> {
  const { output } = context
  const { client } = await context.open(library)
  const found = await client.request('review.slices', { runId: await findRun(client, run), split, by })
  const { slices, accuracy } = found
  output.result(
    slices.length === 0
      ? `The run has no answers on ${split} photos.`
      : `${count(slices.length, 'value')} of ${by}; all together ${percent(accuracy.value!)}.`,
    { type: 'slices', by, split, runId: found.runId, accuracy, values: slices.length },
  )
  for (const slice of slices.slice(0, top)) {
    const { value, photos, right, accuracy: own } = slice
    output.result(
      `${percent(own.value!)} (${percent(own.low)} to ${percent(own.high)})  ${right} of ${photos}  ${value || '(none)'}`,
      { type: 'slice', ...slice },
    )
  }
  if (slices.length > top)
    output.result(`... and ${slices.length - top} more`, { type: 'more', values: slices.length - top })
}
