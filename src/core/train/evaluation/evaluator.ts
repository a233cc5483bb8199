// Computes the probabilities of given rows under the present weights. Batches write their results on the device, which
// are read once, or several times where one binding cannot hold all of them.

import { DataLoader } from '../../data/data-loader.ts'
import { checkRows, checkSizes, type PhotoSet } from '../../data/photo-set.ts'
import { CoreError } from '../../error.ts'
import type { Device } from '../../device.ts'
import { zeroStep } from '../../kernels/step.ts'
import { forwardWithFeatures } from '../../nn/build.ts'
import { gatherBatch } from '../../ops/batch/gather-batch.ts'
import { softmaxInto } from '../../ops/softmax.ts'
import { storeRows } from '../../ops/batch/store-rows.ts'
import { largestBinding } from '../../tensor/memory.ts'
import { compile, type Plan } from '../../tensor/plan.ts'
import type { Store } from '../../tensor/store.ts'
import { Trace } from '../../tensor/trace.ts'
import type { ModelDescription } from '../../nn/description.ts'
import { SubmitPacing } from '../steps/submit-pacing.ts'

export interface Evaluator {
  /** [rows, classes]; undefined when the signal was aborted before all were asked. */
  probabilities(rows: Uint32Array<ArrayBuffer>, signal?: AbortSignal): Promise<Float32Array<ArrayBuffer> | undefined>
  /** [rows, D] of the rows asked for last (nn/feature-layers.ts); empty where they were not wanted, or where they or
   *  the results would not fit into one binding. */
  features(): Promise<Float32Array<ArrayBuffer>>
  dispose(): void
}

/** Photos at a time; fewer where they would not fit or are not asked for. */
const largestBatch = 256

/** Photos at a time for so many rows. A GPU compiles its kernels for a batch, so there it is one number for training and
 *  prediction; the CPU takes equal batches, so that none is padded by more than a photo. */
function batchFor(rows: number, model: ModelDescription, { kind }: Device['info']): number {
  const largest = model.mirrored ? largestBatch / 2 : largestBatch
  const even = kind === 'cpu' ? Math.ceil(rows / Math.max(1, Math.ceil(rows / largest))) : largest
  return Math.max(1, Math.min(even, rows))
}

export async function createEvaluator(
  device: Device,
  store: Store,
  model: ModelDescription,
  photos: PhotoSet,
  options: EvaluatorOptions = {},
): Promise<Evaluator> {
  const { batch = batchFor(options.rows ?? photos.labels.length, model, device.info), streamed = false } = options
  checkSizes(photos)
  const loader = new DataLoader(photos, batch, device, streamed)
  const bringsSet = loader.resident && !store.has('data.images')
  const mostFeatureBytes = options.features ? device.info.maxBindingBytes : 0
  const { trace, featureSize, held } = traceEvaluation(model, photos, loader, batch, { device, mostFeatureBytes })
  const otherwise = (change: EvaluatorOptions) =>
    createEvaluator(device, store, model, photos, { ...options, ...change })
  const fewer = () => otherwise({ batch: Math.floor(batch / 2) })
  if (batch > 1 && largestBinding(trace) > device.info.maxBindingBytes) return fewer()
  const plan = await compileIfThereIsRoom(device, trace, store, batch > 1 || bringsSet)
  if (!plan) {
    if (bringsSet || !loader.resident) loader.release(store, 'evaluate')
    return bringsSet ? otherwise({ streamed: true }) : fewer()
  }
  let asked = 0
  let smaller: { readonly rows: number; readonly evaluator: Evaluator } | undefined
  /** For fewer rows than a batch: the last one made is kept. A streamed set has buffers of one batch's size alone. */
  const forFew = async (rows: number): Promise<Evaluator> => {
    if (smaller?.rows === rows) return smaller.evaluator
    smaller?.evaluator.dispose()
    smaller = { rows, evaluator: await otherwise({ batch: rows }) }
    return smaller.evaluator
  }
  return {
    probabilities: async (rows, signal) => {
      checkRows('rows', rows, photos.labels.length)
      asked = rows.length
      if (rows.length > 0 && rows.length < batch && loader.resident)
        return (await forFew(rows.length)).probabilities(rows, signal)
      return evaluate({ device, store, plan, loader, batch, held, classes: model.classes.length }, rows, signal)
    },
    features: async () =>
      asked * featureSize === 0 ? new Float32Array() : await store.read('evaluate.features', 0, asked * featureSize),
    dispose: () => {
      smaller?.evaluator.dispose()
      plan.dispose()
    },
  }
}

/** Undefined where the device has no room for this and less may be tried. */
async function compileIfThereIsRoom(
  device: Device,
  trace: Trace,
  store: Store,
  mayBeLess: boolean,
): Promise<Plan | undefined> {
  try {
    return await compile(device, trace, store)
  } catch (error) {
    if (mayBeLess && error instanceof CoreError && error.code === 'out-of-memory') return undefined
    throw error
  }
}

export interface EvaluatorOptions {
  /** Photos at a time. */
  readonly batch?: number
  /** Rows that will be asked for at a time, where that is known: a batch is no larger. */
  readonly rows?: number
  /** The set is not to lie on the device, though it might. */
  readonly streamed?: boolean
  /** Keep the features of the rows as well. */
  readonly features?: boolean
}

interface Traced {
  readonly trace: Trace
  /** 0 where no features are kept. */
  readonly featureSize: number
  /** Rows whose results the device holds at a time. */
  readonly held: number
}

function traceEvaluation(
  model: ModelDescription,
  photos: PhotoSet,
  loader: DataLoader,
  batch: number,
  room: { readonly device: Device; readonly mostFeatureBytes: number },
): Traced {
  const trace = new Trace({ training: false })
  const { images, order, classes } = loader.tensors(trace, 'evaluate')
  const { x } = gatherBatch(images, order, classes, { batch, ...model.normalise })
  const [rows, K] = [photos.labels.length, model.classes.length]
  const held = Math.max(1, Math.min(rows, Math.floor(room.device.info.maxBindingBytes / (K * 4))))
  const results = trace.state('evaluate.results', [held, K], 'f32')
  const { logits, features } = forwardWithFeatures(model, x)
  softmaxInto(results, logits)
  const D = features.size / batch
  if (held < rows || rows * D * 4 > room.mostFeatureBytes) return { trace, featureSize: 0, held }
  storeRows(trace.state('evaluate.features', [rows, D], 'f32'), features)
  return { trace, featureSize: D, held }
}

interface Evaluation {
  readonly device: Device
  readonly store: Store
  readonly plan: Plan
  readonly loader: DataLoader
  readonly batch: number
  readonly held: number
  readonly classes: number
}

/** One stretch of rows after the other, where the device cannot hold the results of all. */
async function evaluate(
  evaluation: Evaluation,
  rows: Uint32Array<ArrayBuffer>,
  signal: AbortSignal | undefined,
): Promise<Float32Array<ArrayBuffer> | undefined> {
  const { held, classes } = evaluation
  if (rows.length <= held) return rows.length === 0 ? new Float32Array() : evaluateStretch(evaluation, rows, signal)
  const all = new Float32Array(rows.length * classes)
  for (let start = 0; start < rows.length; start += held) {
    const found = await evaluateStretch(evaluation, rows.slice(start, start + held), signal)
    if (!found) return undefined
    all.set(found, start * classes)
  }
  return all
}

async function evaluateStretch(
  { device, store, plan, loader, batch, classes }: Evaluation,
  rows: Uint32Array<ArrayBuffer>,
  signal: AbortSignal | undefined,
): Promise<Float32Array<ArrayBuffer> | undefined> {
  loader.setOrder(store, 'evaluate', rows)
  const pacing = new SubmitPacing(performance.now(), 0)
  let running = watchedEnd(device)
  for (let start = 0; start < rows.length; start += batch) {
    const count = Math.min(batch, rows.length - start)
    loader.beforeStep(store, 'evaluate', rows, start, count)
    device.run([plan.call({ ...zeroStep, batchStart: start, batchCount: count })], pacing.submitsPerStep(device.info))
    const before = running
    running = watchedEnd(device)
    await before
    if (start > 0) pacing.mark(performance.now(), start / batch)
    if (signal?.aborted) break
  }
  await running
  if (signal?.aborted) return undefined
  return store.read('evaluate.results', 0, rows.length * classes)
}

/** The end of what runs. Where the device is lost the wait before it tells so, and this one must not count as
 *  unhandled. */
function watchedEnd(device: Device): Promise<void> {
  const end = device.finished()
  end.catch(() => {})
  return end
}
