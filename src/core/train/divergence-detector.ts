// Detects a diverging loss. A loss of more than six mean deviations above its running mean for 200 steps on end means
// that training is lost; a short spike is only reported. The thresholds come from practice, not from a paper.

const memory = 0.98
const width = 6
const noteAfter = 20
const giveUpAfter = 200
/** Steps before the running figures mean anything. */
const warmUp = 50

export type LossState = 'fine' | 'spike' | 'lost'

export class DivergenceDetector {
  #steps = 0
  #mean = 0
  #deviation = 0
  #high = 0

  /** Takes the mean loss of the last `steps` steps. 'spike' is answered once for each spike. */
  add(loss: number, steps: number): LossState {
    const limit = this.#mean + width * this.#deviation + 1e-3
    if (this.#steps >= warmUp && loss > limit) return this.#whileHigh(steps)
    this.#high = 0
    this.#remember(loss, steps)
    return 'fine'
  }

  /** Whether the loss stands far above its usual level now. */
  get isHigh(): boolean {
    return this.#high > 0
  }

  #whileHigh(steps: number): LossState {
    const before = this.#high
    this.#high += steps
    if (this.#high >= giveUpAfter) return 'lost'
    return before < noteAfter && this.#high >= noteAfter ? 'spike' : 'fine'
  }

  #remember(loss: number, steps: number): void {
    const kept = this.#steps === 0 ? 0 : memory ** steps
    this.#deviation = this.#steps === 0 ? loss : kept * this.#deviation + (1 - kept) * Math.abs(loss - this.#mean)
    this.#mean = kept * this.#mean + (1 - kept) * loss
    this.#steps += steps
  }
}
