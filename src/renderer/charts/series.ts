// Points of a curve as the chart wants them: smoothed where wished, cut to a range, and the same values as rows of a
// table. Pure.

import type { Point, StepPoint } from '../stores/models/run-state.ts'

export interface XY {
  readonly x: number
  readonly y: number
}

/** What a chart can show of a run: `rate` and `speed` are known of training steps only. */
export type Measure = 'loss' | 'accuracy' | 'rate' | 'speed'

/** Exponential mean with the weight `smooth` (0..1) of the past, corrected for its start (as in Adam). */
export function smoothed(points: readonly XY[], smooth: number): readonly XY[] {
  if (smooth <= 0) return points
  let mean = 0
  let weight = 0
  return points.map(({ x, y }) => {
    mean = smooth * mean + (1 - smooth) * y
    weight = smooth * weight + (1 - smooth)
    return { x, y: mean / weight }
  })
}

export function stepCurve(points: readonly StepPoint[], value: Measure): readonly XY[] {
  return points.map(point => ({ x: point.x, y: point[value] }))
}

export function lookCurve(points: readonly Point[], value: Measure): readonly XY[] {
  return value === 'loss' || value === 'accuracy' ? points.map(point => ({ x: point.x, y: point[value] })) : []
}

/** Lowest and highest value between two epochs with a little air, or null where there is none: the scale of a chart
 *  that was zoomed. */
export function extent(
  curves: readonly (readonly XY[])[],
  from: number,
  to: number,
): { readonly from: number; readonly to: number } | null {
  const values = curves.flatMap(points => points.filter(({ x }) => x >= from && x <= to).map(({ y }) => y))
  if (values.length === 0) return null
  const low = values.reduce((a, b) => Math.min(a, b))
  const high = values.reduce((a, b) => Math.max(a, b))
  const air = Math.max((high - low) * 0.08, Math.abs(high) * 1e-3, 1e-9)
  return { from: low - air, to: high + air }
}

export interface EpochRow {
  readonly epoch: number
  readonly train: number | null
  readonly validation: number | null
}

/** One row a validation: its value, and the mean of the training steps since the one before. */
export function epochRows(train: readonly XY[], validation: readonly XY[]): EpochRow[] {
  let from = -Infinity
  return validation.map(({ x, y }) => {
    const mean = meanBetween(train, from, x)
    from = x
    return { epoch: x, train: mean, validation: y }
  })
}

/** The means of training steps by whole epochs, for measures that validation does not have. */
export function stepRows(train: readonly XY[]): EpochRow[] {
  const last = Math.ceil(train.at(-1)?.x ?? 0)
  return Array.from({ length: last }, (_, i) => ({
    epoch: i + 1,
    train: meanBetween(train, i, i + 1),
    validation: null,
  }))
}

function meanBetween(points: readonly XY[], after: number, upTo: number): number | null {
  const between = points.filter(({ x }) => x > after && x <= upTo)
  return between.length > 0 ? between.reduce((sum, { y }) => sum + y, 0) / between.length : null
}
