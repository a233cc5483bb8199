// Probabilities of any rows under the weights of this moment. Batches write their results on the device; they are read once.

import { Feed } from '../data/feed.ts'
import type { Device } from '../gpu/device.ts'
import { zeroStep } from '../gpu/step.ts'
import { forward } from '../nn/build.ts'
import { gatherBatch } from '../ops/gather-batch.ts'
import { softmaxInto } from '../ops/softmax.ts'
import { largestBinding } from '../tensor/memory.ts'
import { compile, type Plan } from '../tensor/plan.ts'
import type { Store } from '../tensor/store.ts'
import { Trace } from '../tensor/trace.ts'
import type { PhotoSet } from '../data/photo-set.ts'
import type { ModelDescription } from '../nn/description.ts'

export interface Evaluator {
  /** [rows, classes] */
  probabilities(rows: Uint32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>
  dispose(): void
}

/** Photos at a time; fewer where they would not fit. One number for training and prediction, so that they share compiled kernels. */
const largestBatch = 256

export async function createEvaluator(device: Device, store: Store, model: ModelDescription, photos: PhotoSet, batch = Math.min(largestBatch, photos.labels.length)): Promise<Evaluator> {
  const feed = new Feed(photos, batch, device)
  const trace = traceEvaluation(model, photos, feed, batch)
  if (batch > 1 && largestBinding(trace) > device.info.maxBindingBytes) return createEvaluator(device, store, model, photos, Math.floor(batch / 2))
  const plan = await compile(device, trace, store)
  return {
    probabilities: rows => evaluate(device, store, plan, feed, rows, batch, model.classes.length),
    dispose: () => plan.dispose(),
  }
}

function traceEvaluation(model: ModelDescription, photos: PhotoSet, feed: Feed, batch: number): Trace {
  const trace = new Trace({ training: false })
  const { images, order, classes } = feed.tensors(trace, 'evaluate')
  const { x } = gatherBatch(images, order, classes, { batch, ...model.normalise })
  const results = trace.state('evaluate.results', [photos.labels.length, model.classes.length], 'f32')
  softmaxInto(results, forward(model, x))
  return trace
}

async function evaluate(device: Device, store: Store, plan: Plan, feed: Feed, rows: Uint32Array<ArrayBuffer>, batch: number, classes: number): Promise<Float32Array<ArrayBuffer>> {
  if (rows.length === 0) return new Float32Array()
  feed.setOrder(store, 'evaluate', rows)
  let running = device.finished()
  for (let start = 0; start < rows.length; start += batch) {
    const count = Math.min(batch, rows.length - start)
    feed.beforeStep(store, 'evaluate', rows, start, count)
    plan.run({ ...zeroStep, batchStart: start, batchCount: count })
    const before = running
    running = device.finished()
    await before
  }
  await running
  return store.read('evaluate.results', 0, rows.length * classes)
}
