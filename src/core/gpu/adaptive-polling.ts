// Waits for the GPU without taking a core for it. While a promise of the GPU is open, Dawn for Node turns the event
// loop as fast as it can, which takes time from a software GPU. So a wait first sleeps for most of the shortest of the
// last few waits; the shortest, because one wait may have been long for another reason, such as compiling. After the
// sleep, and in a wait of unknown length from the start, the event loop turns once and the thread rests for a small
// share of the time waited so far, again and again.

/** The share of the expected wait that is slept through. */
const asleep = 0.8
/** Below this a timer is too coarse to be of use. */
const shortestMs = 4
/** A wait that was over when the sleep ended was expected to be too long. */
const overslept = 0.6
const remembered = 4
/** Of the time waited so far; so much later at most the end of a wait is noticed. */
const restShare = 0.04
const longestRestMs = 10

export class AdaptivePolling {
  readonly #lastMs: number[] = []

  /** Sleeps, then waits for what `begin` returns. */
  async wait<T>(begin: () => Promise<T>): Promise<T> {
    const started = performance.now()
    const sleepMs = this.#expectedMs() * asleep
    if (sleepMs >= shortestMs) await new Promise<void>(resolve => setTimeout(resolve, sleepMs))
    const awake = performance.now()
    const result = await restingBetweenTurns(begin())
    this.#remember(performance.now() - started, performance.now() - awake)
    return result
  }

  #expectedMs(): number {
    return this.#lastMs.length < remembered ? 0 : Math.min(...this.#lastMs)
  }

  #remember(totalMs: number, awakeMs: number): void {
    this.#lastMs.push(awakeMs < 1 ? totalMs * overslept : totalMs)
    if (this.#lastMs.length > remembered) this.#lastMs.shift()
  }
}

/** Settles as `work` does. A page that is not isolated has no SharedArrayBuffer to rest on, and its event loop does not
 *  turn by itself. */
async function restingBetweenTurns<T>(work: Promise<T>): Promise<T> {
  if (typeof SharedArrayBuffer === 'undefined') return work
  const began = performance.now()
  const nobody = new Int32Array(new SharedArrayBuffer(4))
  let isOver = false
  const watched = work.finally(() => (isOver = true))
  watched.catch(() => {}) // whoever awaits `watched` below hears of it
  while (!isOver) {
    await new Promise<void>(resolve => setTimeout(resolve, 0))
    if (!isOver) Atomics.wait(nobody, 0, 0, Math.min(longestRestMs, (performance.now() - began) * restShare))
  }
  return watched
}
