// Probabilities of photos under given weights, without a training.

import type { PhotoSet } from '../data/photo-set.ts'
import type { Device } from '../gpu/device.ts'
import type { ModelDescription, StateDict } from '../nn/description.ts'
import { writeStateDict } from '../nn/state-dict.ts'
import { Store } from '../tensor/store.ts'
import { createEvaluator } from './evaluator.ts'

/** [rows, classes]. Throws CoreError 'bad-checkpoint' where the weights are of another model. */
export async function predict(device: Device, model: ModelDescription, state: StateDict, photos: PhotoSet, rows: Uint32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
  const store = new Store(device, 0)
  try {
    const evaluator = await createEvaluator(device, store, model, photos)
    try {
      writeStateDict(store, model, state)
      return await evaluator.probabilities(rows)
    } finally {
      evaluator.dispose()
    }
  } finally {
    store.dispose()
  }
}
