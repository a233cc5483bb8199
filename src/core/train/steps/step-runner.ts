// Submits the steps of a run: uploads the photos of a streamed set before they are learnt, and puts as many steps into
// a submit as the pacing allows.

import { maxCallsPerSubmit, type Device, type ProgramCall } from '../../device.ts'
import type { StepPlan } from './step-plan.ts'
import type { FittedBatch } from './batch-fitting.ts'
import type { SubmitPacing } from './submit-pacing.ts'

export class StepRunner {
  readonly #device: Device
  readonly #fitted: FittedBatch
  readonly #plan: StepPlan
  readonly #pacing: SubmitPacing
  #calls: ProgramCall[] = []

  constructor(device: Device, fitted: FittedBatch, plan: StepPlan, pacing: SubmitPacing) {
    this.#device = device
    this.#fitted = fitted
    this.#plan = plan
    this.#pacing = pacing
  }

  /** How many of the steps first .. end - 1 may share a submit. A streamed set uploads the photos of every part before
   *  it runs, so there each part is one of its own. */
  sharingOneSubmit(first: number, end: number): number {
    const { loader, parts } = this.#fitted
    const room = Math.max(1, Math.floor(maxCallsPerSubmit / (parts + 1)))
    return loader.resident
      ? Math.min(this.#pacing.stepsPerSubmit, end - first, parts === 1 ? maxCallsPerSubmit : room)
      : 1
  }

  /** Submits the steps first .. end - 1, all of one epoch, whose photos are `order`. */
  run(order: Uint32Array<ArrayBuffer>, first: number, end: number): void {
    for (let step = first; step < end; step++) this.#enqueue(order, step)
    this.#flush()
  }

  #enqueue(order: Uint32Array<ArrayBuffer>, step: number): void {
    const { loader, store, step: compiled, parts } = this.#fitted
    const values = this.#plan.valuesOf(step)
    compiled
      .programCalls(values, p => this.#plan.valuesOfPart(values, p))
      .forEach((call, p) => {
        if (!loader.resident && p < parts) {
          this.#flush()
          loader.beforeStep(store, 'train', order, call.step.batchStart, call.step.batchCount)
        }
        this.#calls.push(call)
      })
  }

  /** A step of very many parts is more than one submit may hold. */
  #flush(): void {
    while (this.#calls.length > 0)
      this.#device.run(this.#calls.splice(0, maxCallsPerSubmit), this.#pacing.submitsPerStep(this.#device.info))
  }
}
