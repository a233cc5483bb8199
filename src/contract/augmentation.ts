// An augmentation recipe as data: which changes a photo may get before the model sees it, how strong and how often.
// Saved with the run. Lengths are fractions of the photo's side and strengths are independent of its size, so the same
// recipe means the same at every size. docs/augmentation.md says what each step does and how its random numbers are
// drawn.

import { z } from 'zod'
import { ServiceError } from './errors.ts'

const probability = z.number().min(0).max(1)
function range(low: number, high: number) {
  return z
    .tuple([z.number().min(low).max(high), z.number().min(low).max(high)])
    .refine(([from, to]) => from <= to, 'The first number of a range is the smaller one.')
}

export const AugmentationStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('flip'), probability, axis: z.enum(['horizontal', 'vertical']) }),
  /** Degrees, positive turns clockwise. */
  z.object({ kind: z.literal('rotate'), probability, degrees: range(-180, 180) }),
  /** Fractions of width and height, each drawn for itself. */
  z.object({ kind: z.literal('shift'), probability, fraction: range(-0.5, 0.5) }),
  /** How much larger the picture becomes about its centre; below 1 it shrinks. */
  z.object({ kind: z.literal('scale'), probability, factor: range(0.5, 2) }),
  /** The part of the area that is kept, at a random place, stretched to the whole again. */
  z.object({ kind: z.literal('crop'), probability, area: range(0.1, 1) }),
  z.object({ kind: z.literal('brightness'), probability, factor: range(0.2, 2) }),
  z.object({ kind: z.literal('contrast'), probability, factor: range(0.2, 2) }),
  /** 0 is grey, 1 as it is. */
  z.object({ kind: z.literal('saturation'), probability, factor: range(0, 3) }),
  z.object({ kind: z.literal('hue'), probability, degrees: range(-180, 180) }),
  /** Standard deviation of the Gaussian as a fraction of the longer side. */
  z.object({ kind: z.literal('blur'), probability, sigma: range(0, 0.1) }),
  /** Quality of a JPEG that the picture is saved as and read from. */
  z.object({ kind: z.literal('jpeg'), probability, quality: range(5, 100) }),
  /** Standard deviation of Gaussian noise as a fraction of full brightness. */
  z.object({ kind: z.literal('noise'), probability, sigma: range(0, 0.5) }),
  /** Side of a grey square as a fraction of the photo's sides, at a random place. */
  z.object({ kind: z.literal('cutout'), probability, side: range(0.02, 0.8) }),
])
export type AugmentationStep = z.infer<typeof AugmentationStep>
export type AugmentationKind = AugmentationStep['kind']

/** Each kind at most once; the order of application is fixed (geometry, colour, blur, JPEG, noise, cutout), whatever
 *  the order here. */
export const AugmentationRecipe = z.object({
  format: z.literal('winnow-augmentation'),
  version: z.literal(1),
  steps: z
    .array(AugmentationStep)
    .max(14)
    .refine(
      steps =>
        new Set(steps.map(step => (step.kind === 'flip' ? `flip ${step.axis}` : step.kind))).size === steps.length,
      'Each kind of change may stand in a recipe once.',
    ),
})
export type AugmentationRecipe = z.infer<typeof AugmentationRecipe>

/** Whether a step is made ahead of training, by the decode processes: the batch kernel does all the others. */
export function isAhead({ kind }: AugmentationStep): boolean {
  return kind === 'blur' || kind === 'jpeg'
}

/** The recipe in a JSON text. ServiceError 'bad-recipe' with what is wrong with it. */
export function parseRecipe(text: string): AugmentationRecipe {
  try {
    return AugmentationRecipe.parse(JSON.parse(text))
  } catch (error) {
    throw new ServiceError(
      'bad-recipe',
      `This is no augmentation recipe: ${reasonOf(error)}.`,
      'Write it as docs/augmentation.md and src/contract/augmentation.ts describe it.',
    )
  }
}

function reasonOf(error: unknown): string {
  const [issue] = (error as { issues?: readonly { path: readonly PropertyKey[]; message: string }[] }).issues ?? []
  if (issue) return `${issue.path.map(String).join('.') || 'it'}: ${issue.message.replace(/\.$/, '')}`
  return error instanceof Error ? error.message : String(error)
}
