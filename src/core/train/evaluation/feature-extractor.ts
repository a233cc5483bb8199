// Features of photos that come batch by batch: the photos lie in a buffer that is written anew for each, so nothing is
// compiled twice. What they are: nn/feature-layers.ts.

import { DataLoader } from '../../data/data-loader.ts'
import type { Device } from '../../device.ts'
import { zeroStep } from '../../kernels/step.ts'
import { forwardWithFeatures } from '../../nn/build.ts'
import type { ModelDescription, StateDict } from '../../nn/description.ts'
import { writeStateDict } from '../../nn/state-dict.ts'
import { gatherBatch } from '../../ops/batch/gather-batch.ts'
import { storeRows } from '../../ops/batch/store-rows.ts'
import { compile, type Plan } from '../../tensor/plan.ts'
import { Store } from '../../tensor/store.ts'
import { Trace } from '../../tensor/trace.ts'

/** A backbone made ready to give the features of photos, one set of photos after the other. */
export interface FeatureExtractor {
  /** Photos at a time, at most. */
  readonly batch: number
  /** Numbers a photo. */
  readonly numbers: number
  /** `pixels` u8 [count height width channels] -> [count numbers]. */
  extract(pixels: Uint8Array<ArrayBuffer>, count: number): Promise<Float32Array<ArrayBuffer>>
  /** Frees what it holds on the device, not the device. */
  dispose(): void
}

/** CoreError 'bad-checkpoint' where the weights are of another model. */
export async function createFeatureExtractor(
  device: Device,
  model: ModelDescription,
  state: StateDict,
  batch: number,
): Promise<FeatureExtractor> {
  const { height, width, channels } = model.input
  const bytes = height * width * channels
  const photos = {
    images: new Uint8Array(batch * bytes),
    labels: new Uint32Array(batch),
    height,
    width,
    channels,
  }
  const loader = new DataLoader(photos, batch, device)
  const trace = new Trace({ training: false })
  const { images, order, classes } = loader.tensors(trace, 'evaluate')
  const { x } = gatherBatch(images, order, classes, { batch, ...model.normalise })
  const { features } = forwardWithFeatures(model, x)
  const numbers = features.size / batch
  storeRows(trace.state('features', [batch, numbers], 'f32'), features)
  const store = new Store(device, 0)
  let plan: Plan | undefined
  const dispose = () => {
    plan?.dispose()
    store.dispose()
  }
  try {
    const ready = (plan = await compile(device, trace, store))
    writeStateDict(store, model, state)
    loader.setOrder(store, 'evaluate', Uint32Array.from(photos.labels.keys()))
    return {
      batch,
      numbers,
      async extract(pixels, count) {
        store.write(loader.resident ? 'data.images' : 'data.evaluate.images', pixels)
        ready.run({ ...zeroStep, batchCount: count })
        return store.read('features', 0, count * numbers)
      },
      dispose,
    }
  } catch (error) {
    dispose()
    throw error
  }
}
