// Points of a curve as the chart wants them: smoothed where wished, and the same values as rows of a table. Pure.

import type { Point } from '../stores/run-picture.ts'

export interface XY {
  readonly x: number
  readonly y: number
}

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

export function curveOf(points: readonly Point[], value: 'loss' | 'accuracy'): readonly XY[] {
  return points.map(point => ({ x: point.x, y: point[value] }))
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
    const between = train.filter(point => point.x > from && point.x <= x)
    from = x
    const mean = between.length > 0 ? between.reduce((sum, point) => sum + point.y, 0) / between.length : null
    return { epoch: x, train: mean, validation: y }
  })
}
