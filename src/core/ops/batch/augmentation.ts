// What may change in a photo while training, as data: the live steps of docs/augmentation.md, with their chances and
// ranges.

import { CoreError } from '../../error.ts'
import { changeKinds, type ChangeKind } from '../../kernels/batch/draw-changes.ts'

/** Applied where a random number in [0, 1) lies below `probability`; its strength is drawn evenly from `range`. */
export interface Chance {
  readonly probability: number
  readonly range?: readonly [number, number]
}

/** Units as in docs/augmentation.md: degrees, fractions of the sides, factors, shares of the area or of full
 *  brightness. */
export interface Augmentation extends Readonly<Partial<Record<ChangeKind, Chance>>> {
  /** Blend with another photo of the batch, of which up to this share (at most 0.5). */
  readonly mixup?: number
  /** Paste a rectangle of another photo of the batch, up to a quarter of the area. With mixup each photo gets one of
   *  the two. */
  readonly cutmix?: boolean
}

/** Of these the strength is a divisor: 0 would leave no picture. */
const above0: readonly string[] = ['scale', 'crop']

/** Throws CoreError 'bad-argument' naming the change that is none, or whose numbers cannot be. */
export function checkAugmentation(augmentation: Augmentation): void {
  const { mixup = 0 } = augmentation
  if (!(mixup >= 0 && mixup <= 0.5)) throw bad(`mixup is ${mixup}`, 'Give a number from 0 to 0.5.')
  for (const [kind, chance] of Object.entries(augmentation)) {
    if (typeof chance !== 'object') continue // mixup and cutmix, or left out
    const { probability, range: [low, high] = [0, 0] } = chance
    if (!liveKinds.includes(kind))
      throw bad(`${kind} is no change made while training`, `Take some of ${liveKinds.join(', ')}, mixup, cutmix.`)
    if (!(probability >= 0 && probability <= 1))
      throw bad(`${kind} has the probability ${probability}`, 'Give a number from 0 to 1.')
    const isRange = Number.isFinite(low) && Number.isFinite(high) && low <= high && (low > 0 || !above0.includes(kind))
    if (!isRange)
      throw bad(
        `${kind} has the range ${low} to ${high}`,
        `Give two numbers${above0.includes(kind) ? ' above 0' : ''}, the smaller one first.`,
      )
  }
}

const liveKinds: readonly string[] = changeKinds.filter(kind => kind !== 'blur' && kind !== 'jpeg')

function bad(what: string, fix: string): CoreError {
  return new CoreError('bad-argument', `The augmentation does not work: ${what}.`, fix)
}
