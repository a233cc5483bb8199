// An augmentation recipe as people name it in a terminal: a ready one, or a file.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseRecipe, type AugmentationRecipe } from '../../../contract/augmentation.ts'
import { readyRecipe, recipeStrengths } from '../../../contract/augmentation-recipes.ts'
import { ServiceError } from '../../../contract/errors.ts'
import type { CommandContext } from './context.ts'

/** ServiceError 'cannot-read' where there is neither, 'bad-recipe' where the file holds none. */
export function recipeFrom({ host }: Pick<CommandContext, 'host'>, text: string): AugmentationRecipe {
  const strength = recipeStrengths.find(name => name === text)
  return strength ? readyRecipe(strength, { mirrors: true }) : parseRecipe(readText(resolve(host.cwd, text)))
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ServiceError(
      'cannot-read',
      `${file} could not be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      `Name one of ${recipeStrengths.join(', ')}, or a file with a recipe.`,
    )
  }
}
