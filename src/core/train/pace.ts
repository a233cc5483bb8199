// How fast training goes: steps a second over the last seconds, the time left, and how many steps make one submit.

const windowMs = 5_000
/** A submit should take about this long: short enough for the screen, long enough to hide its cost. */
const submitMs = 40

export class Pace {
  readonly #marks: { readonly at: number; readonly steps: number }[] = []
  readonly #startedAt: number
  #stepsPerSubmit = 1

  /** `steps` are done already: of a run that goes on. */
  constructor(now: number, steps: number) {
    this.#startedAt = now
    this.#marks.push({ at: now, steps })
  }

  /** Call when `steps` in all are finished. */
  mark(now: number, steps: number): void {
    this.#marks.push({ at: now, steps })
    while (this.#marks.length > 2 && this.#marks[0]!.at < now - windowMs) this.#marks.shift()
    const stepMs = 1000 / Math.max(this.stepsPerSecond, 1e-9)
    this.#stepsPerSubmit = Math.max(1, Math.min(64, Math.round(submitMs / stepMs), this.#stepsPerSubmit * 2))
  }

  get stepsPerSecond(): number {
    const [first, last] = [this.#marks[0]!, this.#marks.at(-1)!]
    return last.at > first.at ? ((last.steps - first.steps) * 1000) / (last.at - first.at) : 0
  }

  get stepsPerSubmit(): number {
    return this.#stepsPerSubmit
  }

  /** Null until five seconds have passed: before that it would only be a guess. */
  secondsLeft(now: number, stepsLeft: number): number | null {
    if (now - this.#startedAt < windowMs || this.stepsPerSecond === 0) return null
    return stepsLeft / this.stepsPerSecond
  }
}
