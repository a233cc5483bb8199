// Class weights by inverse frequency: a class half as frequent as the mean counts twice, so the loss is not ruled by
// the large classes.

import type { Run } from '../contract/records.ts'
import type { RunPhotos } from './photos.ts'

/** photos / (classes x photos of the class), over the training rows: the mean over the photos is 1. A class without any
 *  weighs 0. */
export function balancedWeights({ set, train }: Pick<RunPhotos, 'set' | 'train'>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const row of train) counts[set.labels[row]!]!++
  return counts.map(count => (count === 0 ? 0 : train.length / (classes * count)))
}

/** What the run log says of them. */
export function weightsText({ classes }: Pick<Run, 'classes'>, weights: readonly number[]): string {
  return `Classes weigh as much as they are rare: ${classes.map(({ name }, k) => `${name} ${weights[k]!.toFixed(2)}`).join(', ')}.`
}
