// "How many more photos?" Errors of a net fall about as a power of the number of its photos, error = a n^-b (Hestness
// et al. 2017); b is fitted through runs of different sizes, and what twice the photos would bring follows, with the
// range that the evaluated photos leave open.

import { ServiceError } from '../../../contract/errors.ts'
import type { Advice, LearningCurve } from '../../../contract/records.ts'
import { wilson } from './metrics.ts'

export interface CurvePoint {
  readonly runId: number
  readonly trainPhotos: number
  /** Photos answered right of `photos` that the run had not seen. */
  readonly right: number
  readonly photos: number
}

/** ServiceError 'too-few-sizes' without three runs of different sizes that were evaluated on some photos. */
export function learningCurve(runs: readonly CurvePoint[]): LearningCurve {
  const points = runs.toSorted((a, b) => a.trainPhotos - b.trainPhotos)
  const sizes = new Set(points.map(point => point.trainPhotos)).size
  if (sizes < 3 || points.some(point => point.photos === 0 || point.trainPhotos === 0)) {
    throw new ServiceError(
      'too-few-sizes',
      `These runs had ${sizes} different numbers of photos; a curve needs three.`,
      'Train with a half and a quarter of the photos as well.',
    )
  }
  const last = points.at(-1)!
  const slope = fallOf(points)
  const spread = 1.96 * deviationOfFall(points)
  const gain = (fall: number) => errorOf(last) * (1 - 2 ** -Math.max(0, fall))
  const doubled = {
    trainPhotos: last.trainPhotos * 2,
    gain: gain(slope),
    low: gain(slope - spread),
    high: gain(slope + spread),
  }
  return {
    points: points.map(({ runId, trainPhotos, right, photos }) => ({
      runId,
      trainPhotos,
      accuracy: wilson(right, photos),
    })),
    doubled,
    advice: adviceOf(doubled),
  }
}

/** Half a photo more and less, so that a faultless run has an error too. */
function errorOf({ right, photos }: CurvePoint): number {
  return (photos - right + 0.5) / (photos + 1)
}

/** b of error = a n^-b: the slope of least squares through the logarithms, turned over. */
function fallOf(points: readonly CurvePoint[]): number {
  return -weights(points).reduce((sum, weight, i) => sum + weight * Math.log(errorOf(points[i]!)), 0)
}

/** Of the fitted b, from the binomial spread of each error: the variance of ln error is (1 - error) / (error photos).
 */
function deviationOfFall(points: readonly CurvePoint[]): number {
  return Math.sqrt(
    weights(points).reduce((sum, weight, i) => {
      const error = errorOf(points[i]!)
      return sum + weight ** 2 * ((1 - error) / (error * points[i]!.photos))
    }, 0),
  )
}

/** What each point counts for in the slope over ln n. */
function weights(points: readonly CurvePoint[]): number[] {
  const places = points.map(point => Math.log(point.trainPhotos))
  const mean = places.reduce((a, b) => a + b, 0) / places.length
  const total = places.reduce((sum, place) => sum + (place - mean) ** 2, 0)
  return places.map(place => (place - mean) / total)
}

function adviceOf({ trainPhotos, gain, low, high }: LearningCurve['doubled']): Advice {
  const values = { trainPhotos, gain: inPoints(gain), low: inPoints(low), high: inPoints(high) }
  if (high < 0.01)
    return {
      code: 'enough-photos',
      values,
      text: 'Twice the photos would bring less than one point more accuracy; better labels or another net will do more.',
    }
  if (low <= 0)
    return {
      code: 'unclear-photos',
      values,
      text: `These runs cannot tell whether more photos would help: between nothing and ${values.high} points with ${trainPhotos}.`,
    }
  return {
    code: 'more-photos',
    values,
    text: `With ${trainPhotos} training photos expect about ${values.gain} points more accuracy (${values.low} to ${values.high}).`,
  }
}

function inPoints(share: number): number {
  return Math.round(share * 1000) / 10
}
