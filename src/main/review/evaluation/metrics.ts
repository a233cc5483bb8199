// How good answers are, from counts alone: confusion matrices and what follows from them. Intervals are Wilson's at 95
// %, which stay inside 0..1 and honest for few photos. Pure functions; rows of a matrix are given labels, columns are
// answers.

import type { Interval, ReviewReport } from '../../../contract/records.ts'

/** counts[given][answer] over photos; labels and answers index `classes` classes. */
export function confusionCounts(given: ArrayLike<number>, answers: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let i = 0; i < given.length; i++) counts[given[i]!]![answers[i]!]!++
  return counts
}

/** Wilson's score interval of `hits` in `trials` at 95 %; value null and 0..1 where there were no trials. */
export function wilson(hits: number, trials: number): Interval {
  if (trials === 0) return { value: null, low: 0, high: 1 }
  const z = 1.959963984540054
  const share = hits / trials
  const scale = 1 + (z * z) / trials
  const centre = (share + (z * z) / (2 * trials)) / scale
  const reach = (z / scale) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))
  return { value: share, low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) }
}

export type MatrixReport = Pick<ReviewReport, 'photos' | 'accuracy' | 'macroF1' | 'weightedF1' | 'classes'>

/** Everything a matrix says of its classes. F1 of a class that was neither given nor answered is null and left out of
 *  the mean. */
export function reportMatrix(
  classes: readonly { readonly id: number; readonly name: string }[],
  counts: readonly (readonly number[])[],
): MatrixReport {
  const reports = classes.map(({ id, name }, k) => {
    const photos = sum(counts[k]!)
    const answered = sum(counts.map(row => row[k]!))
    const hits = counts[k]![k]!
    return {
      id,
      name,
      photos,
      answered,
      precision: wilson(hits, answered),
      recall: wilson(hits, photos),
      f1: photos + answered === 0 ? null : (2 * hits) / (photos + answered),
    }
  })
  const photos = sum(reports.map(report => report.photos))
  const scored = reports.filter(report => report.f1 !== null)
  return {
    photos,
    accuracy: wilson(sum(counts.map((row, k) => row[k]!)), photos),
    macroF1: scored.length === 0 ? null : sum(scored.map(report => report.f1!)) / scored.length,
    weightedF1: photos === 0 ? null : sum(scored.map(report => report.f1! * report.photos)) / photos,
    classes: reports,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
