// The losses of a run: their mean over the steps that the device has results of, and a monitor that throws where
// training has diverged.

import { CoreError } from '../error.ts'
import { metricsRing } from '../ops/losses/loss.ts'
import type { NoteEvent } from './events.ts'
import { DivergenceDetector } from './divergence-detector.ts'

/** Mean loss and accuracy of the entries first .. end - 1 of the ring of metrics. */
export function meanOf(
  ring: Float32Array,
  first: number,
  end: number,
): { readonly loss: number; readonly accuracy: number } {
  let [loss, accuracy] = [0, 0]
  for (let entry = first; entry < end; entry++) {
    loss += ring[(entry % metricsRing) * 4]! / (end - first)
    accuracy += ring[(entry % metricsRing) * 4 + 1]! / (end - first)
  }
  return { loss, accuracy }
}

export class LossMonitor {
  #divergence = new DivergenceDetector()
  readonly #untold: NoteEvent[] = []

  /** Whether the loss stands far above its usual level now. */
  get isHigh(): boolean {
    return this.#divergence.isHigh
  }

  /** Takes the mean loss of the steps first .. last. Throws CoreError 'diverged' where it is not a number or has been
   *  high for long. */
  add(loss: number, first: number, last: number): void {
    if (!Number.isFinite(loss)) throw diverged(`The loss is not a number at step ${last}.`)
    const state = this.#divergence.add(loss, last - first + 1)
    if (state === 'lost') throw diverged(`The loss has been far above its usual level for 200 steps at step ${last}.`)
    if (state === 'spike')
      this.#untold.push({
        type: 'note',
        code: 'loss-spike',
        warning: true,
        step: last,
        message: `The loss has been far above its usual level for 20 steps at step ${last}.`,
      })
  }

  /** What the run log should say, once. */
  told(): NoteEvent[] {
    return this.#untold.splice(0)
  }

  /** After a roll-back the usual level is found anew. */
  startAfresh(): void {
    this.#divergence = new DivergenceDetector()
  }
}

export function diverged(message: string): CoreError {
  return new CoreError('diverged', message, 'Lower the learning rate.')
}
