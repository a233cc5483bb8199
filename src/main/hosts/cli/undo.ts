// winnow undo -L <library>: takes back the last decision, across restarts.

import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { libraryOption } from './options.ts'

export function addUndo(program: Command, run: (work: (context: CommandContext) => Promise<void>) => Promise<void>): void {
  program.command('undo')
    .description('take back the last decision (label, exclude ...)')
    .addOption(libraryOption())
    .action(({ library }: { library: string }) => run(async context => {
      const { client } = await context.open(library)
      const decision = await client.request('history.undo', {})
      context.output.result(decision.text, { type: 'decision', ...decision })
    }))
}
