// Which ready augmentation a run's settings stand for, and recipes as a run may have them. Pure.

import type { AugmentationRecipe } from '../../../contract/augmentation.ts'
import { readyRecipe, recipeStrengths } from '../../../contract/augmentation-recipes.ts'
import type { RecipeStrength } from '../../../contract/augmentation-recipes.ts'
import type { RunSettings } from '../../../contract/records.ts'

/** Made ahead only (docs/augmentation.md): a run draws its changes while it trains. */
const aheadOnly = new Set(['blur', 'jpeg'])

export function ofRun(recipe: AugmentationRecipe): AugmentationRecipe {
  return { ...recipe, steps: recipe.steps.filter(step => !aheadOnly.has(step.kind)) }
}

/** 'own' for a recipe that is none of the ready ones. */
export function recipeName({ augment, augmentation }: RunSettings): 'none' | RecipeStrength | 'own' {
  if (!augmentation) return augment ? 'light' : 'none'
  if (augmentation.steps.length === 0) return 'none'
  const text = JSON.stringify(augmentation.steps)
  return (
    recipeStrengths.find(name => JSON.stringify(ofRun(readyRecipe(name, { mirrors: true })).steps) === text) ?? 'own'
  )
}

/** What the photos of such a run meet. */
export function recipeOf(settings: RunSettings): AugmentationRecipe {
  return settings.augmentation ?? ofRun(readyRecipe('light', { mirrors: true }))
}
