// What the heads of a label check say of photos that have no label, and how near each lies to what has one. Features are read
// piece by piece: of these photos there may be many more than of the labelled ones.

import type { FeatureKind, LabelCheckRows } from '../../contract/records.ts'
import type { Client } from '../../contract/table.ts'
import { headAnswers, type LinearHead } from '../../core/index.ts'
import { readFeatures } from './compute-features.ts'

export interface AnswerUnlabelledOptions {
  readonly client: Client
  readonly kind: FeatureKind
  readonly rows: LabelCheckRows
  /** Features of the labelled photos, [photos numbers]. */
  readonly values: Float32Array
  readonly heads: readonly LinearHead[]
  readonly signal?: AbortSignal | undefined
}

const piece = 500

/** f32 [unlabelled classes + 1]: probabilities, the mean over the heads, then the cosine to the centre of the nearest class. */
export async function answerUnlabelled({
  client,
  kind,
  rows: { unlabelledIds, labels, classes },
  values,
  heads,
  signal,
}: AnswerUnlabelledOptions): Promise<Float32Array<ArrayBuffer>> {
  const size = kind.numbers
  const width = classes.length + 1
  const answers = new Float32Array(unlabelledIds.length * width)
  const centres = unlabelledIds.length > 0 ? classCentres(values, size, labels, classes.length) : []
  for (let from = 0; from < unlabelledIds.length; from += piece) {
    signal?.throwIfAborted()
    const ids = unlabelledIds.slice(from, from + piece)
    const features = await readFeatures(client, kind, ids)
    const probabilities = headAnswers(heads, { values: features, size }, classes.length)
    for (let i = 0; i < ids.length; i++) {
      const at = (from + i) * width
      answers.set(probabilities.subarray(i * classes.length, (i + 1) * classes.length), at)
      answers[at + classes.length] = nearest(features.subarray(i * size, (i + 1) * size), centres)
    }
  }
  return answers
}

/** The mean direction of each class's photos, of length 1. */
function classCentres(values: Float32Array, size: number, labels: readonly number[], classes: number): Float32Array[] {
  const centres = Array.from({ length: classes }, () => new Float32Array(size))
  labels.forEach((label, row) => {
    const x = values.subarray(row * size, (row + 1) * size)
    const scale = 1 / (length(x) || 1)
    for (let i = 0; i < size; i++) centres[label]![i]! += scale * x[i]!
  })
  for (const centre of centres) {
    const scale = 1 / (length(centre) || 1)
    for (let i = 0; i < size; i++) centre[i]! *= scale
  }
  return centres
}

function nearest(x: Float32Array, centres: readonly Float32Array[]): number {
  const own = length(x) || 1
  let best = -1
  for (const centre of centres) {
    let product = 0
    for (let i = 0; i < x.length; i++) product += centre[i]! * x[i]!
    best = Math.max(best, product / own)
  }
  return best
}

function length(x: Float32Array): number {
  let squares = 0
  for (const value of x) squares += value * value
  return Math.sqrt(squares)
}
