// winnow augment <photo> -L <library>: what a recipe does to a photo, as one picture of twenty-four tiles.

import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { recipeStrengths } from '../../../../../contract/augmentation-recipes.ts'
import { FitName } from '../../../../../contract/records.ts'
import type { CommandContext } from '../../context.ts'
import { endingIn, libraryOption, whole } from '../../options.ts'
import { findPhoto, pathOf } from '../../photos.ts'
import { recipeFrom } from '../../augmentation-recipe.ts'
import { writeWhole } from '../../write-whole.ts'

interface AugmentOptions {
  readonly library: string
  readonly recipe: string
  readonly seed: number
  readonly tile: number
  readonly fit: FitName
  readonly output: string
}

export function addAugment(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('augment')
    .description('show what an augmentation recipe does to a photo: it and twenty-three variants in one picture')
    .argument('<photo>', 'its number as review prints it, or the end of its path')
    .addOption(libraryOption())
    .option('--recipe <recipe>', `${recipeStrengths.join(', ')}, or a file with a recipe`, 'medium')
    .option('--seed <n>', 'of the run whose first epochs are shown', whole(0, 0xffffffff), 1)
    .option('--tile <pixels>', 'side of a tile', whole(16, 256), 128)
    .addOption(
      new Option('--fit <how>', 'how the photo becomes a square').choices(FitName.options).default('letterbox'),
    )
    .option('-o, --output <file>', 'the picture; ends in .webp', endingIn('.webp'), 'augmented.webp')
    .action((photo: string, options: AugmentOptions) => run(context => augment(context, photo, options)))
}

async function augment(
  context: CommandContext,
  typed: string,
  { library, recipe, seed, tile, fit, output }: AugmentOptions,
): Promise<void> {
  const steps = recipeFrom(context, recipe)
  const { client } = await context.open(library)
  const photo = await findPhoto(client, typed)
  const file = resolve(context.host.cwd, output)
  writeWhole(
    file,
    await client.getBytes('augmentationPreview', { photoId: photo.id, recipe: JSON.stringify(steps), seed, tile, fit }),
  )
  context.output.result(`${pathOf(photo)} as it is and 23 times changed: ${file}`, {
    type: 'augmented',
    photoId: photo.id,
    file,
    recipe: steps,
  })
}
