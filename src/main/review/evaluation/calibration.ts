// How far a model's probabilities can be believed: top-k, the reliability diagram with its expected calibration error,
// the temperature that puts confidences right, and what a confidence threshold buys. Pure functions over checked
// probabilities.

import { answerOf, type LabelledProbabilities } from '../labels/probabilities.ts'

/** Share of rows whose label is among the k most probable classes; of equal ones the earlier class counts as more
 *  probable. */
export function topK({ p, labels, rows, classes }: LabelledProbabilities, k: number): number {
  let hits = 0
  for (let row = 0; row < rows; row++) {
    const at = row * classes
    const given = labels[row]!
    let above = 0
    for (let c = 0; c < classes; c++)
      if (c < given ? p[at + c]! >= p[at + given]! : p[at + c]! > p[at + given]!) above++
    if (above < k) hits++
  }
  return hits / rows
}

/** Mean of -ln p[label], in nats; a probability of 0 counts as the least a float32 can hold. */
export function logLoss({ p, labels, rows, classes }: LabelledProbabilities): number {
  let sum = 0
  for (let row = 0; row < rows; row++) sum -= Math.log(Math.max(p[row * classes + labels[row]!]!, leastProbability))
  return sum / rows
}

export interface ReliabilityBin {
  readonly low: number
  readonly high: number
  readonly photos: number
  /** Means over the bin's photos; null in an empty bin. A calibrated model has them equal. */
  readonly confidence: number | null
  readonly accuracy: number | null
}

/** The reliability diagram: rows by the confidence of their answer in `count` equal bins (low, high], the first with
 *  its 0. */
export function reliability({ p, labels, rows, classes }: LabelledProbabilities, count = 15): ReliabilityBin[] {
  const photos = new Float64Array(count)
  const confidence = new Float64Array(count)
  const hits = new Float64Array(count)
  for (let row = 0; row < rows; row++) {
    const answer = answerOf(p, row, classes)
    const sure = p[row * classes + answer]!
    const bin = Math.min(count - 1, Math.max(0, Math.ceil(sure * count) - 1))
    photos[bin]!++
    confidence[bin]! += sure
    if (answer === labels[row]) hits[bin]!++
  }
  return Array.from(photos, (n, bin) => ({
    low: bin / count,
    high: (bin + 1) / count,
    photos: n,
    confidence: n === 0 ? null : confidence[bin]! / n,
    accuracy: n === 0 ? null : hits[bin]! / n,
  }))
}

/** Expected calibration error: the mean distance of confidence and accuracy over the bins, weighted by photos; 0 is
 *  best. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const photos = bins.reduce((sum, bin) => sum + bin.photos, 0)
  return bins.reduce(
    (sum, bin) => (bin.photos === 0 ? sum : sum + (bin.photos / photos) * Math.abs(bin.accuracy! - bin.confidence!)),
    0,
  )
}

const leastProbability = 1e-38
const coldest = 0.05
const hottest = 20

/**
 * The temperature T that makes softmax(ln p / T) least surprised by the labels; above 1 the model was too sure. Fitted
 * on photos the model was not trained on. The loss is convex in 1 / T, so bisection on its slope finds the one minimum;
 * ends at 0.05 and 20.
 */
export function fitTemperature(input: LabelledProbabilities): number {
  const logs = input.p.map(value => Math.log(Math.max(value, leastProbability)))
  let low = 1 / hottest
  let high = 1 / coldest
  for (let i = 0; i < 32; i++) {
    const middle = (low + high) / 2
    if (lossSlope(input, logs, middle) > 0) high = middle
    else low = middle
  }
  return 2 / (low + high)
}

/** Each row as softmax(ln p / T): answers stay, confidences move. */
export function applyTemperature(p: ArrayLike<number>, classes: number, temperature: number): Float64Array {
  const scaled = Float64Array.from(p, value => Math.log(Math.max(value, leastProbability)) / temperature)
  for (let at = 0; at < scaled.length; at += classes) {
    const row = scaled.subarray(at, at + classes)
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity)
    row.forEach((value, k) => {
      row[k] = Math.exp(value - most)
    })
    const sum = row.reduce((a, b) => a + b, 0)
    row.forEach((value, k) => {
      row[k] = value / sum
    })
  }
  return scaled
}

/** d loss / d sharpness at sharpness = 1 / T: the mean of E[ln p] under the scaled row less ln p of the label. */
function lossSlope({ labels, rows, classes }: LabelledProbabilities, logs: Float64Array, sharpness: number): number {
  let slope = 0
  for (let row = 0; row < rows; row++) {
    const at = row * classes
    let most = -Infinity
    for (let k = 0; k < classes; k++) most = Math.max(most, logs[at + k]!)
    let sum = 0
    let weighted = 0
    for (let k = 0; k < classes; k++) {
      const weight = Math.exp(sharpness * (logs[at + k]! - most))
      sum += weight
      weighted += weight * logs[at + k]!
    }
    slope += weighted / sum - logs[at + labels[row]!]!
  }
  return slope / rows
}

export interface ThresholdPoint {
  /** Answers less confident than this become "unknown". */
  readonly threshold: number
  /** Share of photos that still get an answer, and how many of those answers are right (null without answers). */
  readonly answered: number
  readonly accuracy: number | null
}

/** What each threshold costs and buys, for the given thresholds in their order. */
export function thresholdCurve(
  { p, labels, rows, classes }: LabelledProbabilities,
  thresholds: readonly number[],
): ThresholdPoint[] {
  const answers = Array.from({ length: rows }, (_, row) => {
    const answer = answerOf(p, row, classes)
    return { confidence: p[row * classes + answer]!, right: answer === labels[row] }
  })
  return thresholds.map(threshold => {
    const kept = answers.filter(({ confidence }) => confidence >= threshold)
    const right = kept.filter(answer => answer.right).length
    return { threshold, answered: kept.length / rows, accuracy: kept.length === 0 ? null : right / kept.length }
  })
}

/**
 * The lowest threshold above which answers are right often enough; null where none are. So few answers that no share
 * between the wanted one and all of them exists (of `photos` in all) say nothing: one photo that is right by chance
 * would do.
 */
export function lowestThreshold(curve: readonly ThresholdPoint[], wanted: number, photos: number): number | null {
  const fewest = 1 / (1 - wanted) - 1e-6
  return (
    curve.find(({ accuracy, answered }) => accuracy !== null && accuracy >= wanted && answered * photos >= fewest)
      ?.threshold ?? null
  )
}
