// Core's events as the contract's: plain lists, and the snapshot stays behind.

import type { RunEvent } from '../contract/records.ts'
import type { Device, TrainEvent } from '../core/index.ts'

/** Undefined for what is not told, or elsewhere. */
export function toRunEvent(event: TrainEvent, device: Pick<Device, 'info'>): RunEvent | undefined {
  switch (event.type) {
    case 'started': {
      const { parameters, stepsPerEpoch, epochs, steps, batch } = event
      return {
        type: 'started',
        adapter: device.info.name,
        software: device.info.software,
        parameters,
        stepsPerEpoch,
        epochs,
        steps,
        batch,
        at: new Date().toISOString(),
      }
    }
    case 'evaluated':
      return { ...event, split: 'validation' }
    case 'predictions': {
      const { step, epoch, rows, classes, confidences } = event
      return { type: 'predictions', step, epoch, rows: [...rows], classes: [...classes], confidences: [...confidences] }
    }
    case 'checkpoint': // told where it is written down
    case 'margins':
      return undefined
    default:
      return event
  }
}
