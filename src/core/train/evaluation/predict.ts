// Probabilities of photos under given weights, without a training.

import type { PhotoSet } from '../../data/photo-set.ts'
import type { Device } from '../../device.ts'
import type { ModelDescription, StateDict } from '../../nn/description.ts'
import { writeStateDict } from '../../nn/state-dict.ts'
import { Store } from '../../tensor/store.ts'
import { createEvaluator, type Evaluator, type EvaluatorOptions } from './evaluator.ts'

/** [rows, classes]. Throws CoreError 'bad-checkpoint' where the weights are of another model. */
export async function predict(
  device: Device,
  model: ModelDescription,
  state: StateDict,
  photos: PhotoSet,
  rows: Uint32Array<ArrayBuffer>,
): Promise<Float32Array<ArrayBuffer>> {
  return withEvaluator(
    device,
    model,
    state,
    photos,
    { rows: rows.length },
    async evaluator => (await evaluator.probabilities(rows))!,
  )
}

/** What a net says of photos, and what it saw in them. */
export interface Described {
  /** [rows, classes] */
  readonly probabilities: Float32Array<ArrayBuffer>
  /** [rows, D], what the last dense layer reads (nn/feature-layers.ts); empty where they would not fit into one binding
   *  of the device. */
  readonly features: Float32Array<ArrayBuffer>
}

/** Probabilities and features in one pass. Throws as `predict` does. */
export async function predictWithFeatures(
  device: Device,
  model: ModelDescription,
  state: StateDict,
  photos: PhotoSet,
  rows: Uint32Array<ArrayBuffer>,
): Promise<Described> {
  return withEvaluator(device, model, state, photos, { features: true, rows: rows.length }, async evaluator => {
    const probabilities = (await evaluator.probabilities(rows))!
    return { probabilities, features: await evaluator.features() }
  })
}

async function withEvaluator<T>(
  device: Device,
  model: ModelDescription,
  state: StateDict,
  photos: PhotoSet,
  options: EvaluatorOptions,
  use: (evaluator: Evaluator) => Promise<T>,
): Promise<T> {
  const store = new Store(device, 0)
  try {
    const evaluator = await createEvaluator(device, store, model, photos, options)
    try {
      writeStateDict(store, model, state)
      return await use(evaluator)
    } finally {
      evaluator.dispose()
    }
  } finally {
    store.dispose()
  }
}
