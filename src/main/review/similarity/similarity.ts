// How alike photos look to a net: cosines of their features, and for each class what is usual in it. Pure functions.
// The centre of a class is the mean of its photos' directions, taken anew twice over the half that lies nearest to it,
// so that odd photos do not pull it. The limit is where distances (1 - cosine) leave the usual: the third quartile and
// 1.7 times the spread of the middle half (Datalab's rule).

/** Features as directions: [rows, size], each row of length 1, or all 0 where it was. */
export function directions(values: Float32Array, size: number): Float32Array {
  const units = values.slice()
  for (let at = 0; at < units.length; at += size) {
    let squares = 0
    for (let i = at; i < at + size; i++) squares += units[i]! ** 2
    if (squares > 0) for (let i = at; i < at + size; i++) units[i]! /= Math.sqrt(squares)
  }
  return units
}

export function cosine(units: Float32Array, size: number, row: number, direction: Float32Array): number {
  let sum = 0
  for (let i = 0; i < size; i++) sum += units[row * size + i]! * direction[i]!
  return sum
}

export interface ClassFeatures {
  /** [size], of length 1. */
  readonly centre: Float32Array
  /** The lowest cosine to the centre that is still usual; -1, below every cosine, for a class of fewer than `fewest`
   *  photos. */
  readonly limit: number
}

/** Below this quartiles say nothing. */
const fewest = 8
const trims = 2
/** Photos that are all alike differ by this. */
const rounding = 1e-6
const spread = 1.7

/** What is usual in a class: `rows` are its photos, at least one. */
export function featuresOf(units: Float32Array, size: number, rows: readonly number[]): ClassFeatures {
  let kept = rows
  let centre = meanDirection(units, size, kept)
  for (let trim = 0; trim < trims; trim++) {
    const cosines = kept.map(row => cosine(units, size, row, centre))
    const median = quantile(cosines, 0.5)
    kept = kept.filter((_, i) => cosines[i]! >= median)
    centre = meanDirection(units, size, kept)
  }
  if (rows.length < fewest) return { centre, limit: -1 }
  const distances = rows.map(row => 1 - cosine(units, size, row, centre))
  const [low, high] = [quantile(distances, 0.25), quantile(distances, 0.75)]
  return { centre, limit: 1 - (high + spread * (high - low)) }
}

function meanDirection(units: Float32Array, size: number, rows: readonly number[]): Float32Array {
  const sum = new Float32Array(size)
  for (const row of rows) for (let i = 0; i < size; i++) sum[i]! += units[row * size + i]!
  return directions(sum, size)
}

/** Linear between the values around it, as NumPy's default. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!)
}

export interface OddRow {
  readonly row: number
  readonly label: number
  /** The class whose usual look it has instead; null where it has none's. */
  readonly nearest: number | null
  readonly cosine: number
  readonly cut: number
}

/** Rows beyond the limit of their class, the furthest beyond it first. `labels` by row; null: not looked at. */
export function oddRows(units: Float32Array, size: number, labels: readonly (number | null)[]): OddRow[] {
  const features = new Map<number, ClassFeatures>()
  const rows = [...labels.keys()].filter(row => labels[row] !== null)
  for (const [label, own] of Map.groupBy(rows, row => labels[row]!)) features.set(label, featuresOf(units, size, own))
  const odd = rows.flatMap(row => {
    const label = labels[row]!
    const { centre, limit } = features.get(label)!
    const own = cosine(units, size, row, centre)
    return own < limit - rounding
      ? [{ row, label, cosine: own, cut: limit, nearest: nearestClass(units, size, row, features, label, own) }]
      : []
  })
  return odd.sort((a, b) => a.cosine - a.cut - (b.cosine - b.cut) || a.row - b.row)
}

function nearestClass(
  units: Float32Array,
  size: number,
  row: number,
  features: ReadonlyMap<number, ClassFeatures>,
  label: number,
  own: number,
): number | null {
  let [best, found] = [own, null as number | null]
  for (const [other, { centre, limit }] of features) {
    const value = other === label ? -1 : cosine(units, size, row, centre)
    if (value > best && value >= limit) [best, found] = [value, other]
  }
  return found
}

/** The `limit` of `candidates` most alike to `row`, most alike first. */
export function nearestRows(
  units: Float32Array,
  size: number,
  row: number,
  candidates: readonly number[],
  limit: number,
): { readonly row: number; readonly cosine: number }[] {
  const direction = units.subarray(row * size, (row + 1) * size)
  return candidates
    .map(other => ({ row: other, cosine: cosine(units, size, other, direction) }))
    .sort((a, b) => b.cosine - a.cosine || a.row - b.row)
    .slice(0, limit)
}
