// What a run has come to so far, in a few numbers, and how its newest evaluation compares with its best.

import type { RunSummary } from '../contract/records.ts'
import { isBetter, type Score, type TrainEvent } from '../core/index.ts'

export class Summary {
  #values: RunSummary = {
    epochs: 0,
    steps: 0,
    seconds: 0,
    adapter: '',
    trainLoss: null,
    validationAccuracy: null,
    validationLoss: null,
    testAccuracy: null,
  }
  #bestScore: Score | undefined
  #latestScore: Score | undefined

  get values(): RunSummary {
    return this.#values
  }

  /** Whether the newest evaluation is the best one. */
  get isAtBest(): boolean {
    return this.#latestScore === this.#bestScore
  }

  put(values: Partial<RunSummary>): void {
    this.#values = { ...this.#values, ...values }
  }

  /** An evaluation after the best one is told again: training begins, or begins anew on another device. */
  beginFrom(best: Score | undefined): void {
    this.#bestScore = best
  }

  add(event: TrainEvent): void {
    if (event.type === 'step') this.put({ steps: event.step, trainLoss: event.loss })
    if (event.type === 'ended')
      this.put({ epochs: event.epoch, steps: event.step, seconds: this.#values.seconds + event.seconds })
    if (event.type !== 'evaluated') return
    this.put({ epochs: event.epoch })
    this.#latestScore = event
    if (isBetter(event, this.#bestScore)) this.#bestScore = event
  }
}
