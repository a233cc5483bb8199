// Draws what one variant of one photo gets from a recipe. A draw depends on (seed, photo, variant, kind) alone, never
// on the other steps: taking a step out of a recipe leaves the rest of every picture as it was. Pure data, so a preview
// can say what was done.

import type { AugmentationKind, AugmentationRecipe, AugmentationStep } from '../../../contract/augmentation.ts'
import { philox, streams, unit } from '../../../core/kernels/philox.ts'

/** Which picture: the seed of the run, the photo's number (stable across runs) and which of its variants. */
export interface VariantId {
  readonly seed: number
  readonly photo: number
  readonly variant: number
}

/** What is done to one picture; absent kinds are not. Units as in the recipe; places are fractions of the free room. */
export interface DrawnAugmentation {
  readonly flipHorizontal?: true
  readonly flipVertical?: true
  readonly rotate?: number
  readonly shift?: { readonly x: number; readonly y: number }
  readonly scale?: number
  readonly crop?: { readonly area: number; readonly x: number; readonly y: number }
  readonly brightness?: number
  readonly contrast?: number
  readonly saturation?: number
  readonly hue?: number
  readonly blur?: number
  readonly jpeg?: number
  readonly noise?: { readonly sigma: number; readonly seed: number }
  readonly cutout?: { readonly side: number; readonly x: number; readonly y: number }
}

/** The counter of each kind: part of the format, never reordered. */
const counters: Readonly<Record<AugmentationKind | 'flip-vertical', number>> = {
  flip: 0,
  'flip-vertical': 1,
  rotate: 2,
  shift: 3,
  scale: 4,
  crop: 5,
  brightness: 6,
  contrast: 7,
  saturation: 8,
  hue: 9,
  blur: 10,
  jpeg: 11,
  noise: 12,
  cutout: 13,
}

/** Four numbers in [0, 1): the first decides whether the step is applied, the others how. */
type StepNumbers = readonly [chance: number, first: number, second: number, third: number]

export function drawAugmentation(recipe: AugmentationRecipe, { seed, photo, variant }: VariantId): DrawnAugmentation {
  const drawn: DrawnAugmentation[] = recipe.steps.map(step => {
    const counter = counters[step.kind === 'flip' && step.axis === 'vertical' ? 'flip-vertical' : step.kind]
    const numbers = philox(photo, counter + 1, variant, 0, seed, streams.augment).map(unit) as unknown as StepNumbers
    return numbers[0] < step.probability ? strength(step, numbers) : {}
  })
  return Object.assign({}, ...drawn) as DrawnAugmentation
}

function strength(step: AugmentationStep, [, first, second, third]: StepNumbers): DrawnAugmentation {
  switch (step.kind) {
    case 'flip':
      return step.axis === 'horizontal' ? { flipHorizontal: true } : { flipVertical: true }
    case 'rotate':
      return { rotate: between(step.degrees, first) }
    case 'shift':
      return { shift: { x: between(step.fraction, first), y: between(step.fraction, second) } }
    case 'scale':
      return { scale: between(step.factor, first) }
    case 'crop':
      return { crop: { area: between(step.area, first), x: second, y: third } }
    case 'brightness':
      return { brightness: between(step.factor, first) }
    case 'contrast':
      return { contrast: between(step.factor, first) }
    case 'saturation':
      return { saturation: between(step.factor, first) }
    case 'hue':
      return { hue: between(step.degrees, first) }
    case 'blur':
      return { blur: between(step.sigma, first) }
    case 'jpeg':
      return { jpeg: Math.round(between(step.quality, first)) }
    case 'noise':
      return { noise: { sigma: between(step.sigma, first), seed: Math.floor(second * 2 ** 24) } }
    case 'cutout':
      return { cutout: { side: between(step.side, first), x: second, y: third } }
  }
}

function between([from, to]: readonly [number, number], fraction: number): number {
  return from + (to - from) * fraction
}

/** The photo's number for draws: from its content, so the same photo gets the same variants in every library and run.
 */
export function photoNumber(sha256: string): number {
  return Number.parseInt(sha256.slice(0, 8), 16)
}
