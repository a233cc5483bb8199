// The chance that an answer is right, from how sure the heads are of it: a logistic curve over -ln(1 - confidence), fitted to
// labelled photos that the heads had not seen (Platt 1999, with his smoothed targets, so that answers that are all right do not
// make a chance of 1). Over the logit itself the surest answers, of which most are accepted, came out too modest.

export interface PlattCurve {
  readonly slope: number
  readonly intercept: number
}

/** The chance that an answer of this confidence is right, 0 to 1. */
export function chanceOf({ slope, intercept }: PlattCurve, confidence: number): number {
  return 1 / (1 + Math.exp(-(slope * surprise(confidence) + intercept)))
}

/** Newton's method on the two numbers, a step halved until it helps; `right` [answers]. */
export function fitPlatt(confidences: ArrayLike<number>, right: ArrayLike<boolean>): PlattCurve {
  const x = Array.from(confidences, surprise)
  const hits = Array.from(right).filter(Boolean).length
  const [high, low] = [(hits + 1) / (hits + 2), 1 / (x.length - hits + 2)]
  const targets = Array.from(right, answer => (answer ? high : low))
  let curve: PlattCurve = { slope: 1, intercept: 0 }
  for (let step = 0; step < steps; step++) {
    const next = improved(curve, newtonStep(curve, x, targets), x, targets)
    const moved = Math.abs(next.slope - curve.slope) + Math.abs(next.intercept - curve.intercept)
    curve = next
    if (moved < 1e-6) break
  }
  return curve
}

const steps = 50
/** Holds the slope near 1 and the intercept near 0 where answers are few or all alike. */
const ridge = 0.1

/** Cross entropy against the targets, and how far the curve is from that of confidences as they are. */
function lossOf({ slope, intercept }: PlattCurve, x: readonly number[], targets: readonly number[]): number {
  let loss = (ridge / 2) * ((slope - 1) ** 2 + intercept ** 2)
  for (const [i, value] of x.entries()) {
    const z = slope * value + intercept
    loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - targets[i]! * z
  }
  return loss
}

function improved(from: PlattCurve, step: PlattCurve, x: readonly number[], targets: readonly number[]): PlattCurve {
  const before = lossOf(from, x, targets)
  for (let share = 1; share > 1e-4; share /= 2) {
    const next = { slope: from.slope + share * step.slope, intercept: from.intercept + share * step.intercept }
    if (lossOf(next, x, targets) < before) return next
  }
  return from
}

function newtonStep({ slope, intercept }: PlattCurve, x: readonly number[], targets: readonly number[]): PlattCurve {
  let [gs, gi, hss, hsi, hii] = [ridge * (slope - 1), ridge * intercept, ridge, 0, ridge]
  for (const [i, value] of x.entries()) {
    const p = 1 / (1 + Math.exp(-(slope * value + intercept)))
    const curvature = p * (1 - p)
    gs += (p - targets[i]!) * value
    gi += p - targets[i]!
    hss += curvature * value * value
    hsi += curvature * value
    hii += curvature
  }
  const determinant = hss * hii - hsi * hsi
  return { slope: (hsi * gi - hii * gs) / determinant, intercept: (hsi * gs - hss * gi) / determinant }
}

function surprise(confidence: number): number {
  return -Math.log(Math.max(1e-6, 1 - confidence))
}
