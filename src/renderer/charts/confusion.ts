// Numbers of a confusion matrix as a person wants to read them: counts, shares of a row (of a label) or of a column (of
// an answer). Pure.

export type ConfusionMode = 'counts' | 'row' | 'column'

/** For each cell its share: of its row, except where the mode is 'column'. Empty rows and columns have shares of 0. */
export function confusionShares(counts: readonly (readonly number[])[], mode: ConfusionMode): number[][] {
  const rows = counts.map(sum)
  const columns = counts.map((_, c) => sum(counts.map(row => row[c]!)))
  return counts.map((row, r) =>
    row.map((count, c) => {
      const whole = mode === 'column' ? columns[c]! : rows[r]!
      return whole === 0 ? 0 : count / whole
    }),
  )
}

export interface MixUp {
  /** Indexes into the classes: of the label, and of what the run said instead. */
  readonly given: number
  readonly predicted: number
  readonly count: number
}

/** What is taken for what, the most frequent first; right answers are left out. */
export function mixUps(counts: readonly (readonly number[])[]): MixUp[] {
  const found = counts.flatMap((row, given) =>
    row.flatMap((count, predicted) => (count > 0 && given !== predicted ? [{ given, predicted, count }] : [])),
  )
  return found.toSorted((a, b) => b.count - a.count)
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
