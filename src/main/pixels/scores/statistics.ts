// The few statistics that the scores need, as numpy computes them.

/** Linear percentiles (numpy's default) of `total` values given as counts per bin; `value` turns a bin into its value.
 *  `percents` rise. */
export function percentilesOfCounts(
  counts: Uint32Array,
  total: number,
  percents: readonly number[],
  value: (bin: number) => number,
): number[] {
  const positions = percents.map(percent => (percent / 100) * (total - 1))
  const bins = binsOfRanks(
    counts,
    positions.flatMap(position => [Math.floor(position), Math.ceil(position)]),
  )
  return positions.map((position, i) => {
    const below = value(bins[2 * i]!)
    return below + (value(bins[2 * i + 1]!) - below) * (position - Math.floor(position))
  })
}

/** The bins that hold the values of these ranks (rising, counted from 0), found in one walk. */
function binsOfRanks(counts: Uint32Array, ranks: readonly number[]): number[] {
  const bins: number[] = []
  let bin = 0
  let seen = counts[0]!
  for (const rank of ranks) {
    while (seen <= rank) seen += counts[++bin]!
    bins.push(bin)
  }
  return bins
}

/** Linear percentile (numpy's default) of values in rising order. */
export function percentileOfSorted(sorted: ArrayLike<number>, percent: number): number {
  const position = (percent / 100) * (sorted.length - 1)
  const below = sorted[Math.floor(position)]!
  return below + (sorted[Math.ceil(position)]! - below) * (position - Math.floor(position))
}

/** Of the whole population. */
export function variance(values: ArrayLike<number>): number {
  let sum = 0,
    squares = 0
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!
    squares += values[i]! * values[i]!
  }
  return Math.max(0, squares / values.length - (sum / values.length) ** 2)
}

export function standardDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values))
}
