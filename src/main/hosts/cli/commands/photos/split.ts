// winnow split -L <library>: deals all photos into splits anew, in wanted shares, with groups on one side.

import { InvalidArgumentError, type Command } from 'commander'
import { photoColumns, type SplitShares } from '../../../../../contract/records.ts'
import type { CommandContext } from '../../context.ts'
import { libraryOption, whole } from '../../options.ts'

interface SplitOptions {
  readonly library: string
  readonly shares: SplitShares
  readonly group?: string
  readonly seed: number
}

export function addSplit(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('split')
    .description(
      'deal all photos into train, validation and test anew, class by class; copies of a picture stay together',
    )
    .addOption(libraryOption())
    .option('--shares <train,validation,test>', 'in any unit', readShares, { train: 70, validation: 15, test: 15 })
    .option(
      '--group <column>',
      `keep photos with the same value on one side: ${photoColumns.join(', ')}, or a pattern of folder and name, such as '/patient-(\\d+)/'`,
    )
    .option('--seed <n>', 'another number deals otherwise', whole(0, 0xffffffff), 1)
    .action((options: SplitOptions) => run(context => deal(context, options)))
}

function readShares(text: string): SplitShares {
  const [train, validation, test, ...more] = text.split(/[,/:]/).map(Number)
  const all = [train, validation, test]
  if (more.length > 0 || all.some(value => value === undefined || !(value >= 0 && value <= 100)))
    throw new InvalidArgumentError('It must be three numbers from 0 to 100 with commas between, such as 70,15,15.')
  return { train: train!, validation: validation!, test: test! }
}

async function deal({ open, output }: CommandContext, { library, shares, group, seed }: SplitOptions): Promise<void> {
  const { client } = await open(library)
  const decision = await client.request('photos.dealSplits', {
    shares,
    seed,
    ...(group !== undefined && { groupBy: group }),
  })
  const { splits } = (await client.request('library.current', {}))!
  output.result(
    [
      decision.changed === 0 ? 'Every photo has that split already.' : `${decision.text}.`,
      `Splits now: train ${splits.train}, validation ${splits.validation}, test ${splits.test}, none ${splits.none}.`,
    ],
    { type: 'decision', ...decision, splits },
  )
}
