// Stratified group k-fold: every photo in exactly one fold, each class in the same shares, photos of a group (copies of
// one picture) in the same fold, so that a mislabelled duplicate cannot confirm the other. The same photos and seed
// always give the same folds.

import { ServiceError } from '../../contract/errors.ts'
import { permutation, streams } from '../../core/kernels/philox.ts'

export interface FoldInput {
  /** [rows]: class of each row, 0 .. classes - 1. */
  readonly labels: ArrayLike<number>
  readonly classes: number
  /** [rows]: equal for photos that belong together. */
  readonly groups: ArrayLike<number>
  readonly folds: number
  readonly seed: number
  /** The least photos a class may have. Default: as many as there are folds, so that each holds one out. */
  readonly fewest?: number
  /** For the errors; default "class <number>". */
  readonly className?: (label: number) => string
}

/** [rows]: the fold of each row. ServiceError 'bad-folds', 'too-few-for-folds' where some fold would leave a class
 *  without training photos. */
export function assignFolds(input: FoldInput): Uint8Array {
  const { labels, classes, folds } = input
  if (!Number.isInteger(folds) || folds < 2 || folds > 20)
    throw new ServiceError('bad-folds', `${folds} folds cannot be made.`, 'Choose 3, 5 or 10 folds.')
  checkSizes(input)
  const held = Array.from({ length: folds }, () => new Float64Array(classes))
  const sizes = new Float64Array(folds)
  const fold = new Uint8Array(labels.length)
  for (const rows of groupsInOrder(input)) {
    const best = bestFold(rows, labels, held, sizes)
    for (const row of rows) {
      fold[row] = best
      held[best]![labels[row]!]!++
      sizes[best]!++
    }
  }
  checkTraining(input, held)
  return fold
}

/** Groups by size, largest first, because large ones are hard to place late; equal ones in the seed's random order. */
function groupsInOrder({ labels, groups, seed }: FoldInput): number[][] {
  const byGroup = new Map<number, number[]>()
  for (const row of permutation(labels.length, seed, streams.split, 0)) {
    const rows = byGroup.get(groups[row]!)
    if (rows) rows.push(row)
    else byGroup.set(groups[row]!, [row])
  }
  return [...byGroup.values()].sort((a, b) => b.length - a.length)
}

/** The fold that holds fewest photos of the group's classes; of such the smallest, then the first. */
function bestFold(
  rows: readonly number[],
  labels: ArrayLike<number>,
  held: readonly Float64Array[],
  sizes: Float64Array,
): number {
  const costs = held.map(counts => rows.reduce((sum, row) => sum + counts[labels[row]!]!, 0))
  let best = 0
  for (let fold = 1; fold < held.length; fold++) {
    if (costs[fold]! < costs[best]! || (costs[fold] === costs[best] && sizes[fold]! < sizes[best]!)) best = fold
  }
  return best
}

function checkSizes({ labels, classes, folds, fewest = folds, className = defaultName }: FoldInput): void {
  const photos = new Float64Array(classes)
  for (let row = 0; row < labels.length; row++) photos[labels[row]!]!++
  const label = photos.findIndex(count => count > 0 && count < fewest)
  if (label < 0) return
  throw new ServiceError(
    'too-few-for-folds',
    `The class “${className(label)}” has ${photos[label]} photos, fewer than the ${folds} folds asked for.`,
    `Choose ${photos[label]! >= 3 ? '3 folds' : 'the quick check'}, or add photos of “${className(label)}”.`,
  )
}

/** Copies can put a whole class into one fold: then nothing of it would be left to learn from. */
function checkTraining({ classes, className = defaultName }: FoldInput, held: readonly Float64Array[]): void {
  for (let label = 0; label < classes; label++) {
    const filled = held.filter(counts => counts[label]! > 0).length
    if (filled !== 1) continue
    throw new ServiceError(
      'too-few-for-folds',
      `All photos of the class “${className(label)}” are copies of one picture, so no fold could learn it from others.`,
      `Add other photos of “${className(label)}”, or exclude them.`,
    )
  }
}

function defaultName(label: number): string {
  return `class ${label}`
}
