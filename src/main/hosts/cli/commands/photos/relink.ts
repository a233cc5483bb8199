// winnow relink <folder> -L <library>: photos that are not where they were are found again by their content.

import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { CommandContext } from '../../context.ts'
import { followJob } from '../../jobs.ts'
import { libraryOption } from '../../options.ts'
import { count } from '../../texts.ts'

export function addRelink(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('relink')
    .description('find photos whose folder has moved, by their content')
    .argument('<folder>', 'where they may be now')
    .addOption(libraryOption())
    .action((folder: string, { library }: { library: string }) => run(context => relink(context, folder, library)))
}

async function relink(
  { open, service, host, output, signal }: CommandContext,
  folder: string,
  library: string,
): Promise<void> {
  const { client } = await open(library, { quiet: true })
  const folderId = await service().grantFolder(resolve(host.cwd, folder))
  const { result } = await followJob(
    client,
    'relink',
    () => client.request('files.relink', { folderId }),
    output,
    signal,
  )
  const { relinked = 0, missing = 0 } = result
  output.result(`${count(relinked, 'photo')} found again, ${missing} still missing.`, {
    type: 'relinked',
    relinked,
    missing,
  })
}
