// Which strength of L2 a linear head is best learnt with, and what heads say of photos they have not learnt from. The
// strength is the one whose head is least surprised by held-out photos.

import { score, type Score } from '../train/evaluation/score.ts'
import type { HeadOptions, LearntHead, LinearHead, LinearHeads } from './linear-heads.ts'

/** Strengths to choose among, on standardised features. */
const strengths = [0.3, 0.1, 0.03, 0.01, 0.003]

/** The head with the strength of L2 that held-out rows call best. */
export interface ChosenHead extends LearntHead {
  readonly l2: number
  /** On the held-out rows. */
  readonly heldOut: Score
}

/** A head learnt from `learns`, with the strength that `judges` [rows], which it does not learn from, call best. */
export async function chooseHead(
  heads: LinearHeads,
  learns: Uint8Array,
  judges: Uint8Array,
  options: HeadOptions,
): Promise<ChosenHead> {
  const learnt = await heads.learn(
    strengths.map(l2 => ({ l2, learns })),
    options,
  )
  const chosen = learnt.map((head, i) => ({
    ...head,
    l2: strengths[i]!,
    heldOut: scoreOf(head.probabilities, judges, options),
  }))
  return chosen.reduce((best, head) => (head.heldOut.loss < best.heldOut.loss ? head : best))
}

/** Which fold holds each row out (cross-validation). */
export interface Folds {
  /** [rows]: the fold that holds a row out; -1 for rows that none learns from and all judge. */
  readonly foldOf: ArrayLike<number>
  readonly folds: number
}

/** What heads say of rows that they have not learnt from. */
export interface OutOfFold {
  /** [rows classes]: each row by the head that has not learnt from it; rows of no fold by the mean of all heads. */
  readonly probabilities: Float32Array<ArrayBuffer>
  readonly l2: number
  /** Standardised weights of each fold's head, to go on from when a few labels have changed. */
  readonly weights: readonly Float64Array[]
  /** Each fold's head, for rows that were not in the table. */
  readonly heads: readonly LinearHead[]
  /** On all rows that lie in a fold. */
  readonly score: Score
}

/** Without `before` the strength of L2 is chosen on the first fold. */
export async function outOfFold(
  heads: LinearHeads,
  { foldOf, folds }: Folds,
  options: HeadOptions,
  before?: Pick<OutOfFold, 'l2' | 'weights'>,
): Promise<OutOfFold> {
  const rows = options.labels.length
  const maskOf = (test: (fold: number) => boolean) =>
    Uint8Array.from({ length: rows }, (_, row) => (foldOf[row]! >= 0 && test(foldOf[row]!) ? 1 : 0))
  const l2 =
    before?.l2 ??
    (
      await chooseHead(
        heads,
        maskOf(fold => fold !== 0),
        maskOf(fold => fold === 0),
        options,
      )
    ).l2
  const tasks = Array.from({ length: folds }, (_, fold) => ({
    l2,
    learns: maskOf(other => other !== fold),
    from: before?.weights[fold],
  }))
  const learnt = await heads.learn(tasks, options)
  const probabilities = mergeFolds(
    learnt.map(head => head.probabilities),
    foldOf,
    options.classes,
  )
  return {
    probabilities,
    l2,
    weights: learnt.map(({ weights }) => weights),
    heads: learnt.map(({ head }) => head),
    score: scoreOf(
      probabilities,
      maskOf(() => true),
      options,
    ),
  }
}

function mergeFolds(
  parts: readonly Float32Array[],
  foldOf: ArrayLike<number>,
  classes: number,
): Float32Array<ArrayBuffer> {
  const all = new Float32Array(parts[0]!.length)
  for (let row = 0; row < foldOf.length; row++) {
    const own = foldOf[row]!
    for (let at = row * classes; at < (row + 1) * classes; at++)
      all[at] = own >= 0 ? parts[own]![at]! : parts.reduce((sum, part) => sum + part[at]! / parts.length, 0)
  }
  return all
}

/** Loss and accuracy of the rows that are 1 in `mask` [rows]. */
export function scoreOf(
  probabilities: Float32Array,
  mask: Uint8Array,
  { labels, classes }: Pick<HeadOptions, 'labels' | 'classes'>,
): Score {
  const rows = [...mask.keys()].filter(row => mask[row] === 1)
  const picked = new Float32Array(rows.length * classes)
  rows.forEach((row, i) => picked.set(probabilities.subarray(row * classes, (row + 1) * classes), i * classes))
  return score(
    picked,
    rows.map(row => labels[row]!),
  )
}
