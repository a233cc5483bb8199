// winnow exclude -L <library> <photo>: keeps a photo out of training; the file itself is not touched.

import type { Command } from 'commander'
import type { CommandContext } from '../../context.ts'
import { libraryOption } from '../../options.ts'
import { findPhoto } from '../../photos.ts'

export function addExclude(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('exclude')
    .description('keep a photo out of training; the file is not touched')
    .argument('<photo>', 'its number as review prints it, or the end of its path')
    .addOption(libraryOption())
    .action((photo: string, { library }: { library: string }) => run(context => exclude(context, photo, library)))
}

async function exclude(context: CommandContext, typed: string, library: string): Promise<void> {
  const { client } = await context.open(library)
  const photo = await findPhoto(client, typed)
  const decision = await client.request('photos.exclude', { selection: { ids: [photo.id] }, excluded: true })
  context.output.result(decision.text, { type: 'decision', ...decision, photoId: photo.id })
}
