// The few statistics that the scores need, as numpy computes them.

/** Linear percentile (numpy's default) of values given as counts per bin; `value` turns a bin into its value, rising with the bin. */
export function percentileOfCounts(counts: Uint32Array, percent: number, value: (bin: number) => number): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const position = (percent / 100) * (total - 1)
  const below = value(binOfRank(counts, Math.floor(position)))
  const above = value(binOfRank(counts, Math.ceil(position)))
  return below + (above - below) * (position - Math.floor(position))
}

/** The bin that holds the value of this rank, counted from 0. */
function binOfRank(counts: Uint32Array, rank: number): number {
  let seen = 0
  for (let bin = 0; bin < counts.length; bin++) {
    seen += counts[bin]!
    if (seen > rank) return bin
  }
  return counts.length - 1
}

/** Linear percentile (numpy's default) of values in rising order. */
export function percentileOfSorted(sorted: ArrayLike<number>, percent: number): number {
  const position = (percent / 100) * (sorted.length - 1)
  const below = sorted[Math.floor(position)]!
  return below + (sorted[Math.ceil(position)]! - below) * (position - Math.floor(position))
}

/** Of the whole population. */
export function variance(values: ArrayLike<number>): number {
  let sum = 0, squares = 0
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!
    squares += values[i]! * values[i]!
  }
  return Math.max(0, squares / values.length - (sum / values.length) ** 2)
}

export function standardDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values))
}
