// winnow similar <photo> -L <library>: the photos that look most like one, to the backbone that has looked at them.

import type { Command } from 'commander'
import type { CommandContext } from '../../context.ts'
import { libraryOption, whole } from '../../options.ts'
import { findPhoto, pathOf } from '../../photos.ts'

interface SimilarOptions {
  readonly library: string
  readonly top: number
}

export function addSimilar(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('similar')
    .description('the photos that look most like one, nearest first; of features (winnow features)')
    .argument('<photo>', 'its number as review prints it, or the end of its path')
    .addOption(libraryOption())
    .option('--top <n>', 'how many', whole(1, 1000), 20)
    .action((photo: string, options: SimilarOptions) => run(context => listSimilar(context, photo, options)))
}

async function listSimilar(
  { open, output }: CommandContext,
  typed: string,
  { library, top }: SimilarOptions,
): Promise<void> {
  const { client } = await open(library)
  const photo = await findPhoto(client, typed)
  const similar = await client.request('features.similar', { photoIds: [photo.id], limit: top })
  output.result(`Most like ${pathOf(photo)} (${photo.className ?? 'no label'}):`, {
    type: 'similar-to',
    photoId: photo.id,
    path: pathOf(photo),
    photos: similar.length,
  })
  for (const { photo: found, distance } of similar) {
    output.result(
      `  ${distance.toFixed(3)}  ${String(found.id).padStart(6)}  ${pathOf(found)} (${found.className ?? 'no label'})`,
      { type: 'similar', distance, photoId: found.id, path: pathOf(found), label: found.className },
    )
  }
}
