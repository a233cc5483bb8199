// Learning rates over a run. A schedule is a function of progress: (updates done, updates in all) -> factor of the base
// rate.

import { CoreError } from '../error.ts'

/** Factor of the base learning rate at an update: `step` are done of `total`. A number of 0 or more, else the
 *  training throws CoreError 'bad-argument'. */
export type Schedule = (step: number, total: number) => number

/** The base rate from the first update to the last. */
export const constant: Schedule = () => 1

/** Multiplies by `factor` each time another `every` (a share of the run) has passed. */
export function stepwise(every: number, factor: number): Schedule {
  checkShare('stepwise', every)
  return (step, total) => factor ** Math.floor(step / total / every + rounding)
}

/** 0.3 / 0.1 is a little less than 3. */
const rounding = 1e-9

/** Half a cosine from 1 down to `minRate`, a factor of the learning rate (Loshchilov and Hutter 2017). */
export function cosine(minRate = 0): Schedule {
  return (step, total) => minRate + ((1 - minRate) * (1 + Math.cos((Math.PI * step) / total))) / 2
}

/** Linear from 0 over the first `share` of the run, then the other schedule over the rest. */
export function warmUp(share: number, then: Schedule): Schedule {
  checkShare('warmUp', share)
  return (step, total) => {
    const rising = Math.max(1, Math.round(share * total))
    return step < rising ? (step + 1) / rising : then(step - rising, total - rising)
  }
}

/** Up from 1/25 to 1 over the first `share`, then down to 1/10,000, both as half cosines (Smith and Topin 2019,
 *  PyTorch's form). */
export function oneCycle(share = 0.3): Schedule {
  checkShare('oneCycle', share)
  const between = (from: number, to: number, t: number) => to + ((from - to) * (1 + Math.cos(Math.PI * t))) / 2
  return (step, total) => {
    const peak = Math.max(1, share * total - 1)
    return step <= peak ? between(1 / 25, 1, step / peak) : between(1, 1 / 250_000, (step - peak) / (total - 1 - peak))
  }
}

function checkShare(schedule: string, share: number): void {
  if (!(share > 0 && share <= 1))
    throw new CoreError(
      'bad-argument',
      `The share of ${schedule} is ${share}.`,
      'Give a share of the run, above 0 and at most 1.',
    )
}

/** The factor at `step`. Throws CoreError 'bad-argument' where it is no number of 0 or more. */
export function factorAt(schedule: Schedule, step: number, total: number): number {
  const factor = schedule(step, total)
  if (factor >= 0 && factor < Infinity) return factor
  throw new CoreError(
    'bad-argument',
    `The schedule answers ${factor} at step ${step} of ${total}.`,
    'Let it answer a factor of the rate, a number of 0 or more.',
  )
}
