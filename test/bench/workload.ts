// What every framework trains: deep-convnet on 28 x 28 photos, batch 100, Adam at 1e-3, without its dropout (every framework
// draws other random numbers). The photos are made up but can be told apart; weights and batches are the same numbers for all.

import { createCpuDevice } from '../../src/core/gpu/cpu-device.ts'
import { Feed } from '../../src/core/data/feed.ts'
import type { PhotoSet } from '../../src/core/data/photo-set.ts'
import type { ModelDescription, StateDict } from '../../src/core/nn/description.ts'
import { describePreset } from '../../src/core/nn/presets.ts'
import { readStateDict } from '../../src/core/nn/state-dict.ts'
import { adam } from '../../src/core/optim/adam.ts'
import { uniforms } from '../../src/core/tensor/philox.ts'
import { Store } from '../../src/core/tensor/store.ts'
import { traceTrainingStep } from '../../src/core/train/step.ts'

export const batch = 100
export const batches = 10
export const classes = 10
export const size = 28
export const rate = 1e-3
/** Photo value v in 0..255 enters as (v / 255 - mean) / std. */
export const normalise = { mean: [0.5], std: [0.25] }

export const rows = Uint32Array.from({ length: batch * batches }, (_, row) => row)

/** A stripe at the place of the class, over noise. */
export function photos(): PhotoSet {
  const next = uniforms(5, 1)
  const labels = Uint32Array.from(rows, () => Math.floor(next() * classes))
  const images = new Uint8Array(rows.length * size * size)
  images.forEach((_, i) => {
    const row = Math.floor(i / (size * size))
    const onStripe = Math.floor((i % size) / 3) === labels[row]!
    images[i] = 255 * Math.min(1, 0.6 * next() + (onStripe ? 0.4 : 0))
  })
  return { images, labels, height: size, width: size, channels: 1 }
}

/** Batch b as the numbers that enter the net, and its classes. */
export function floatBatch({ images, labels }: PhotoSet, b: number): { readonly x: Float32Array<ArrayBuffer>; readonly labels: Int32Array<ArrayBuffer> } {
  const values = images.subarray(b * batch * size * size, (b + 1) * batch * size * size)
  return {
    x: Float32Array.from(values, v => (v / 255 - normalise.mean[0]!) / normalise.std[0]!),
    labels: Int32Array.from(labels.subarray(b * batch, (b + 1) * batch)),
  }
}

export function model(): ModelDescription {
  const names = Array.from({ length: classes }, (_, c) => `class ${c}`)
  const preset = describePreset('deep-convnet', { height: size, width: size, channels: 1, classes: names, normalise })
  return { ...preset, layers: preset.layers.filter(({ type }) => type !== 'dropout') }
}

export const stepSettings = { batch, labelSmoothing: 0, trainRows: rows }

/** Two views of the first weights: as the core holds them (filters R S C K, dense [in, out] over H W C) and as PyTorch does. */
export async function initialWeights(): Promise<{ readonly core: ReadonlyMap<string, Float32Array<ArrayBuffer>>; readonly torch: StateDict }> {
  const device = createCpuDevice()
  const store = new Store(device, 1)
  const trace = traceTrainingStep({ ...stepSettings, model: model(), optimizer: adam() }, new Feed(photos(), batch, device))
  await store.allocate(trace)
  return { core: await store.readParameters(), torch: await readStateDict(store, model()) }
}
