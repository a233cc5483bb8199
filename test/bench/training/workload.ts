// What every framework trains: a net, photos that are made up but can be told apart, and first weights; the same
// numbers for all. Adam, without dropout (every framework draws other random numbers).

import { createReferenceDevice } from '../../../src/core/cpu/reference-device.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import type { PhotoSet } from '../../../src/core/data/photo-set.ts'
import type { ModelDescription, StateDict } from '../../../src/core/nn/description.ts'
import { describePreset } from '../../../src/core/nn/presets.ts'
import { readStateDict } from '../../../src/core/nn/state-dict.ts'
import { adam } from '../../../src/core/optim/adam.ts'
import { uniforms } from '../../../src/core/kernels/philox.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'
import { withBatchNorm, withoutDropout } from './nets.ts'

const usualRate = 1e-3
/** Rates at which the first 20 losses of all frameworks agree. At the usual rate rounding alone parts them:
 *  deep-convnet's by 2 in a thousand at its 17th step, resnet18's by 4 % after three (between two layouts of memory in
 *  PyTorch); photo-convnet knows its two batches by heart after ten. */
const rates: Partial<Record<WorkloadName, number>> = {
  'deep-convnet': 1e-4,
  'deep-convnet-bn': 1e-4,
  'photo-convnet': 1e-5,
  resnet18: 1e-5,
}
/** Photo value v in 0..255 enters as (v / 255 - mean) / std. */
const normalise = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] }

export interface Workload {
  readonly name: string
  readonly model: ModelDescription
  readonly batch: number
  /** Of Adam. */
  readonly rate: number
  /** Batches that are shown in turn. */
  readonly batches: number
}

const shapes = {
  'deep-convnet': {
    preset: 'deep-convnet',
    norm: false,
    size: 28,
    channels: 1,
    classes: 10,
    batch: 100,
    batches: 10,
    title: 'deep-convnet 28 x 28, batch 100, Adam',
  },
  'deep-convnet-bn': {
    preset: 'deep-convnet',
    norm: true,
    size: 28,
    channels: 1,
    classes: 10,
    batch: 100,
    batches: 10,
    title: 'deep-convnet with batch norm 28 x 28, batch 100, Adam',
  },
  'photo-convnet': {
    preset: 'photo-convnet',
    norm: false,
    size: 128,
    channels: 1,
    classes: 3,
    batch: 32,
    batches: 4,
    title: 'photo-convnet 128 x 128 x 1, batch 32, Adam',
  },
  resnet18: {
    preset: 'resnet18',
    norm: false,
    size: 64,
    channels: 3,
    classes: 10,
    batch: 64,
    batches: 2,
    title: 'resnet18 64 x 64 x 3, batch 64, Adam',
  },
  /** For adapters on which the others take minutes a step: SwiftShader in a browser. */
  tiny: {
    preset: 'simple-conv',
    norm: false,
    size: 12,
    channels: 1,
    classes: 4,
    batch: 16,
    batches: 4,
    title: 'simple-conv 12 x 12, batch 16, Adam',
  },
} as const

export type WorkloadName = keyof typeof shapes
export const workloadNames = Object.keys(shapes) as WorkloadName[]

export function workload(name: WorkloadName): Workload {
  const { preset, norm, size, channels, classes, batch, batches, title } = shapes[name]
  const described = withoutDropout(
    describePreset(preset, {
      height: size,
      width: size,
      channels,
      classes: Array.from({ length: classes }, (_, c) => `class ${c}`),
      normalise: { mean: normalise.mean.slice(0, channels), std: normalise.std.slice(0, channels) },
    }),
  )
  return {
    name: title,
    model: norm ? withBatchNorm(described) : described,
    batch,
    batches,
    rate: rates[name] ?? usualRate,
  }
}

export function rowsOf({ batch, batches }: Workload): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: batch * batches }, (_, row) => row)
}

/** A stripe at the place of the class, over noise. `count` rows; default: all batches. */
export function photos(load: Workload, count = load.batch * load.batches): PhotoSet {
  const { height, width, channels } = load.model.input
  const classes = load.model.classes.length
  const next = uniforms(5, 1)
  const labels = Uint32Array.from({ length: count }, () => Math.floor(next() * classes))
  const images = new Uint8Array(count * height * width * channels)
  images.forEach((_, i) => {
    const [row, column] = [Math.floor(i / (height * width * channels)), Math.floor(i / channels) % width]
    const onStripe = Math.floor((column * (classes + 1)) / width) === labels[row]!
    images[i] = 255 * Math.min(1, 0.6 * next() + (onStripe ? 0.4 : 0))
  })
  return { images, labels, height, width, channels }
}

/** Batch b as the numbers that enter the net, N H W C or N C H W, and its classes. */
export function floatBatch(
  { batch, model }: Workload,
  { images, labels, height, width, channels }: PhotoSet,
  b: number,
  channelsFirst: boolean,
): { readonly x: Float32Array<ArrayBuffer>; readonly labels: Int32Array<ArrayBuffer> } {
  const [rowSize, area] = [height * width * channels, height * width]
  const values = images.subarray(b * batch * rowSize, (b + 1) * batch * rowSize)
  const x = new Float32Array(values.length)
  values.forEach((value, i) => {
    const c = i % channels
    const place = Math.floor(i / channels)
    const to = channelsFirst ? (Math.floor(place / area) * channels + c) * area + (place % area) : i
    x[to] = (value / 255 - model.normalise.mean[c]!) / model.normalise.std[c]!
  })
  return { x, labels: Int32Array.from(labels.subarray(b * batch, (b + 1) * batch)) }
}

export function stepSettings(load: Workload) {
  return { model: load.model, batchSize: load.batch, labelSmoothing: 0, trainRows: rowsOf(load), optimizer: adam() }
}

/** Two views of the first weights: as the core holds them (filters R S C K, dense [in, out] over H W C) and as PyTorch
 *  does. */
export async function initialWeights(
  load: Workload,
): Promise<{ readonly core: ReadonlyMap<string, Float32Array<ArrayBuffer>>; readonly torch: StateDict }> {
  const device = createReferenceDevice()
  const store = new Store(device, 1)
  const trace = traceTrainingStep(stepSettings(load), new DataLoader(photos(load), load.batch, device))
  await store.allocate(trace)
  return { core: await store.readParameters(), torch: await readStateDict(store, load.model) }
}
