// From a run's settings to what core's batch kernel changes in photos: the recipe's live steps, and the mixing of
// photos.

import { readyRecipe } from '../contract/augmentation-recipes.ts'
import { isAhead, type AugmentationRecipe, type AugmentationStep } from '../contract/augmentation.ts'
import type { RunSettings } from '../contract/records.ts'
import type { Augmentation, Chance } from '../core/index.ts'

/** Undefined where photos stay as they are. */
export function augmentationOf({ augment, augmentation, mixup, cutmix }: RunSettings): Augmentation | undefined {
  const recipe = augment ? (augmentation ?? readyRecipe('light', { mirrors: true })) : undefined
  const changes = { ...(recipe && liveChanges(recipe)), ...(mixup && { mixup }), ...(cutmix && { cutmix }) }
  return Object.keys(changes).length > 0 ? changes : undefined
}

/** The recipe's steps that the batch kernel does; blur and JPEG are not among them. */
export function liveChanges({ steps }: AugmentationRecipe): Augmentation {
  return Object.fromEntries(
    steps
      .filter(step => !isAhead(step))
      .map(step => [step.kind === 'flip' && step.axis === 'vertical' ? 'flip-vertical' : step.kind, chanceOf(step)]),
  )
}

function chanceOf(step: AugmentationStep): Chance {
  const { probability } = step
  switch (step.kind) {
    case 'flip':
      return { probability }
    case 'rotate':
    case 'hue':
      return { probability, range: step.degrees }
    case 'shift':
      return { probability, range: step.fraction }
    case 'crop':
      return { probability, range: step.area }
    case 'scale':
    case 'brightness':
    case 'contrast':
    case 'saturation':
      return { probability, range: step.factor }
    case 'blur':
    case 'noise':
      return { probability, range: step.sigma }
    case 'jpeg':
      return { probability, range: step.quality }
    case 'cutout':
      return { probability, range: step.side }
  }
}
