// Measures how fast training goes (steps a second, time left) and decides how steps and submits go together: several
// short steps share a submit, and a long step is divided into several, because a submit of more than a few hundredths
// of a second holds up the screen and one of two seconds loses the GPU.

import type { DeviceInfo } from '../../device.ts'

const windowMs = 5_000
/** A submit should take about this long: short enough for the screen, long enough to hide its cost. Calls of more than
 *  half of that are run in parts by the device. */
const submitMs = 40
/** Before the first step is measured. */
const firstSubmits = 16
/** At most so many, because a step may seem long only because the machine slept. */
const mostSubmits = 256
/** When nothing was submitted for so long, it was a pause and not a slow step. */
const pauseMs = 1_000

export class SubmitPacing {
  #marks: { readonly at: number; readonly steps: number }[] = []
  /** When the first step had finished, which has all the compiling in it. */
  #firstAt = Infinity
  #stepsPerSubmit = 1
  #submitsPerStep = firstSubmits

  /** `steps`: how many are done already, in a run that goes on. */
  constructor(now: number, steps: number) {
    this.#marks.push({ at: now, steps })
  }

  /** Call when `steps` in all are finished. */
  mark(now: number, steps: number): void {
    this.#firstAt = Math.min(this.#firstAt, now)
    this.#marks.push({ at: now, steps })
    while (this.#marks.length > 2 && this.#marks[0]!.at < now - windowMs) this.#marks.shift()
    const stepMs = this.stepMs
    this.#submitsPerStep = Math.min(mostSubmits, Math.ceil(stepMs / submitMs))
    this.#stepsPerSubmit = Math.max(1, Math.min(64, Math.round(submitMs / stepMs), this.#stepsPerSubmit * 2))
  }

  /** Leaves out time that was not spent on steps, such as a prediction, which would else seem to slow the training down.
   */
  skip(ms: number): void {
    this.#marks = this.#marks.map(({ at, steps }) => ({ at: at + ms, steps }))
  }

  /** Nothing new was begun from `since` to `now`. Where that was a pause it does not count, but for what still ran in
   *  it. */
  held(since: number, now: number): void {
    if (now - since >= pauseMs) this.skip(now - Math.max(since, this.#marks.at(-1)!.at))
  }

  get stepsPerSecond(): number {
    const [first, last] = [this.#marks[0]!, this.#marks.at(-1)!]
    return last.at > first.at ? ((last.steps - first.steps) * 1000) / (last.at - first.at) : 0
  }

  get stepMs(): number {
    return 1000 / Math.max(this.stepsPerSecond, 1e-9)
  }

  /** One on a software GPU, which draws no screen. */
  submitsPerStep({ software }: DeviceInfo): number {
    return software ? 1 : this.#submitsPerStep
  }

  get stepsPerSubmit(): number {
    return this.#stepsPerSubmit
  }

  /** Null until five seconds after the first step: before that it would only be a guess. */
  secondsLeft(now: number, stepsLeft: number): number | null {
    if (now - this.#firstAt < windowMs || this.stepsPerSecond === 0) return null
    return stepsLeft / this.stepsPerSecond
  }
}
