// winnow undo and winnow redo -L <library>: take back the last decision, or make it again; across restarts.

import type { Command } from 'commander'
import type { CommandContext } from '../../context.ts'
import { libraryOption } from '../../options.ts'

type RunCommand = (work: (context: CommandContext) => Promise<void>) => Promise<void>

export function addUndo(program: Command, run: RunCommand): void {
  addStep(program, run, 'undo', 'take back the last decision (label, exclude ...)')
}

export function addRedo(program: Command, run: RunCommand): void {
  addStep(program, run, 'redo', 'make the decision again that was taken back last')
}

function addStep(program: Command, run: RunCommand, name: 'undo' | 'redo', description: string): void {
  program
    .command(name)
    .description(description)
    .addOption(libraryOption())
    .action(({ library }: { library: string }) =>
      run(async ({ open, output }) => {
        const { client } = await open(library)
        const decision = await client.request(`history.${name}`, {})
        output.result(decision.text, { type: 'decision', ...decision })
      }),
    )
}
