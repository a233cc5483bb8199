// The area under the margin (AUM, Pleiss et al. 2020): how far, on average over training, a photo's own label
// stood above the best other one. Photos a net never comes to agree with stand at the bottom. Free with every run; read
// once at its end.

export interface MarginRow {
  readonly row: number
  /** Mean over the epochs of logit[label] - best other logit. */
  readonly margin: number
}

export interface MarginRanking {
  /** Lowest margin first; equal ones in row order. */
  readonly ranked: readonly MarginRow[]
  /** How far down it is worth looking: rows whose label the net on the whole did not agree with. */
  readonly stop: number
}

/** Ranks the rows that were trained on; rows without a margin (NaN: validation, test) are left out. */
export function rankByMargin(margins: ArrayLike<number>): MarginRanking {
  const ranked = Array.from({ length: margins.length }, (_, row) => ({ row, margin: margins[row]! }))
    .filter(({ margin }) => !Number.isNaN(margin))
    .sort((a, b) => a.margin - b.margin || a.row - b.row)
  return { ranked, stop: ranked.filter(({ margin }) => margin < 0).length }
}
