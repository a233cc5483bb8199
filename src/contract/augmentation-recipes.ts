// Ready recipes, from careful to strong, all of steps that a run can do live. Starting points for people; what a run
// uses is saved with the run.

import type { AugmentationRecipe, AugmentationStep } from './augmentation.ts'

export const recipeStrengths = ['light', 'medium', 'strong'] as const
export type RecipeStrength = (typeof recipeStrengths)[number]

const moved: readonly AugmentationStep[] = [
  { kind: 'flip', probability: 0.5, axis: 'horizontal' },
  { kind: 'shift', probability: 0.8, fraction: [-0.0625, 0.0625] },
]

const steps: Readonly<Record<RecipeStrength, readonly AugmentationStep[]>> = {
  light: moved,
  medium: [
    ...moved,
    { kind: 'rotate', probability: 0.9, degrees: [-10, 10] },
    { kind: 'scale', probability: 0.9, factor: [0.87, 1.15] },
    { kind: 'crop', probability: 0.9, area: [0.64, 1] },
    { kind: 'brightness', probability: 0.8, factor: [0.8, 1.2] },
    { kind: 'contrast', probability: 0.8, factor: [0.8, 1.25] },
    { kind: 'saturation', probability: 0.8, factor: [0.8, 1.2] },
  ],
  strong: [
    ...moved,
    { kind: 'rotate', probability: 0.6, degrees: [-20, 20] },
    { kind: 'crop', probability: 0.5, area: [0.5, 1] },
    { kind: 'brightness', probability: 0.6, factor: [0.65, 1.35] },
    { kind: 'contrast', probability: 0.6, factor: [0.65, 1.5] },
    { kind: 'saturation', probability: 0.5, factor: [0.5, 1.5] },
    { kind: 'hue', probability: 0.3, degrees: [-20, 20] },
    { kind: 'noise', probability: 0.2, sigma: [0, 0.05] },
    { kind: 'cutout', probability: 0.4, side: [0.1, 0.35] },
  ],
}

/** A ready recipe. `mirrors` false leaves the flip out: for letters, digits and whatever means another thing in a
 *  mirror. */
export function readyRecipe(strength: RecipeStrength, { mirrors }: { readonly mirrors: boolean }): AugmentationRecipe {
  return {
    format: 'winnow-augmentation',
    version: 1,
    steps: steps[strength].filter(step => mirrors || step.kind !== 'flip'),
  }
}
