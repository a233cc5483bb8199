// Waiting without work. Dawn for Node turns the event loop as fast as it can while a promise of the GPU is open, which takes a core away
// from a software GPU. So the wait begins with a sleep of nearly its usual length.

/** The share of the usual wait that is slept through. */
const asleep = 0.85
/** Below this a timer is too coarse to be of use. */
const shortestMs = 4

export class Patience {
  #usualMs = 0

  /** Sleeps, then waits for what `begin` returns. */
  async wait<T>(begin: () => Promise<T>): Promise<T> {
    const started = performance.now()
    const sleepMs = this.#usualMs * asleep
    if (sleepMs >= shortestMs) await new Promise<void>(resolve => setTimeout(resolve, sleepMs))
    const awake = performance.now()
    const result = await begin()
    this.#learn(performance.now() - started, performance.now() - awake)
    return result
  }

  /** A wait that was over at once was slept too long. */
  #learn(totalMs: number, awakeMs: number): void {
    this.#usualMs = awakeMs < 1 ? this.#usualMs * 0.8 : this.#usualMs + (Math.min(totalMs, 4 * this.#usualMs + shortestMs) - this.#usualMs) / 4
  }
}
