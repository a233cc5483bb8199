// Brings the steps of a run onto the device: uploads the photos of a streamed set before they are learnt, and puts as
// many steps into a submit as the pace allows.

import { maxTurnsPerSubmit, type Device, type Turn } from '../gpu/device.ts'
import type { Course } from './step-plan.ts'
import type { Fitted } from './batch-fitting.ts'
import type { Pace } from './submit-pacing.ts'

export class StepRunner {
  readonly #device: Device
  readonly #fitted: Fitted
  readonly #course: Course
  readonly #pace: Pace
  #turns: Turn[] = []

  constructor(device: Device, fitted: Fitted, course: Course, pace: Pace) {
    this.#device = device
    this.#fitted = fitted
    this.#course = course
    this.#pace = pace
  }

  /** How many of the steps first .. end - 1 may share a submit. A streamed set uploads the photos of every part before
   *  it runs, so there each part is one of its own. */
  sharingOneSubmit(first: number, end: number): number {
    const { feed, parts } = this.#fitted
    const room = Math.max(1, Math.floor(maxTurnsPerSubmit / (parts + 1)))
    return feed.resident ? Math.min(this.#pace.stepsPerSubmit, end - first, parts === 1 ? maxTurnsPerSubmit : room) : 1
  }

  /** Submits the steps first .. end - 1, all of one epoch, whose photos are `order`. */
  run(order: Uint32Array<ArrayBuffer>, first: number, end: number): void {
    for (let step = first; step < end; step++) this.#enqueue(order, step)
    this.#flush()
  }

  #enqueue(order: Uint32Array<ArrayBuffer>, step: number): void {
    const { feed, store, step: compiled, parts } = this.#fitted
    const values = this.#course.valuesOf(step)
    compiled
      .turns(values, p => this.#course.valuesOfPart(values, p))
      .forEach((turn, p) => {
        if (!feed.resident && p < parts) {
          this.#flush()
          feed.beforeStep(store, 'train', order, turn.step.batchStart, turn.step.batchCount)
        }
        this.#turns.push(turn)
      })
  }

  /** A step of very many parts is more than one submit may hold. */
  #flush(): void {
    while (this.#turns.length > 0)
      this.#device.run(this.#turns.splice(0, maxTurnsPerSubmit), this.#pace.submitsPerStep(this.#device.info))
  }
}
