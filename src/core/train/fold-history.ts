// The history of a training: its events folded into one entry an epoch, as Keras's `fit` returns it.

import type { EvaluatedEvent, StepEvent, TrainEvent } from './events.ts'
import type { Score } from './evaluation/score.ts'

/** One epoch of the history, as a row of Keras's `History`. */
export interface HistoryEntry {
  /** From 1. The last may hold part of an epoch, where the run ends within it. */
  readonly epoch: number
  /** Updates since the run began. */
  readonly step: number
  /** Means over the steps of the epoch, with augmentation and dropout. */
  readonly loss: number
  readonly accuracy: number
  /** Of the validation rows after the epoch; null where there are none or the run was stopped before. */
  readonly validation: (Score & { readonly metrics?: Readonly<Record<string, number>> }) | null
}

/** Folds the events of `train` in their order. An epoch that a roll-back undoes leaves the history. */
export class HistoryFold {
  readonly #entries: HistoryEntry[] = []
  #stepsPerEpoch = 1
  #step: number
  #sums = { steps: 0, loss: 0, accuracy: 0 }

  /** `firstStep`: the step that the run goes on from, 0 for a new one. */
  constructor(firstStep = 0) {
    this.#step = firstStep
  }

  get entries(): readonly HistoryEntry[] {
    return this.#entries
  }

  add(event: TrainEvent): void {
    if (event.type === 'started') this.#stepsPerEpoch = event.stepsPerEpoch
    else if (event.type === 'step') this.#addSteps(event)
    else if (event.type === 'margins') this.#endEpoch(event.step)
    else if (event.type === 'evaluated') this.#measure(event)
    else if (event.type === 'note' && event.code === 'rolled-back') this.#rollBack(event.step)
  }

  #addSteps({ step, loss, accuracy }: StepEvent): void {
    const steps = step - this.#step
    this.#step = step
    this.#sums.steps += steps
    this.#sums.loss += loss * steps
    this.#sums.accuracy += accuracy * steps
  }

  #endEpoch(step: number): void {
    const { steps, loss, accuracy } = this.#sums
    this.#sums = { steps: 0, loss: 0, accuracy: 0 }
    if (steps === 0) return
    const epoch = Math.ceil(step / this.#stepsPerEpoch)
    this.#entries.push({ epoch, step, loss: loss / steps, accuracy: accuracy / steps, validation: null })
  }

  /** An evaluation that a stop broke off belongs to an epoch of the run before. */
  #measure({ step, loss, accuracy, metrics }: EvaluatedEvent): void {
    const last = this.#entries.at(-1)
    const validation = { loss, accuracy, ...(metrics && { metrics }) }
    if (last?.step === step) this.#entries[this.#entries.length - 1] = { ...last, validation }
  }

  #rollBack(step: number): void {
    while ((this.#entries.at(-1)?.step ?? 0) > step) this.#entries.pop()
    this.#step = step
    this.#sums = { steps: 0, loss: 0, accuracy: 0 }
  }
}
