// Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391): where in a photo a net saw a class. The channels of the last
// feature map (nn/feature-layers.ts) are weighted by the mean of their gradients of the class's logit, and the positive
// part of their sum is the heat.

import { DataLoader } from '../../data/data-loader.ts'
import { checkType, type PhotoSet } from '../../data/photo-set.ts'
import { CoreError } from '../../error.ts'
import type { Device } from '../../device.ts'
import { zeroStep } from '../../kernels/step.ts'
import { forward } from '../../nn/build.ts'
import type { ModelDescription, StateDict } from '../../nn/description.ts'
import { writeStateDict } from '../../nn/state-dict.ts'
import { featureMapLayer } from '../../nn/feature-layers.ts'
import { gatherBatch } from '../../ops/batch/gather-batch.ts'
import { softmaxInto } from '../../ops/softmax.ts'
import { storeRows } from '../../ops/batch/store-rows.ts'
import { compile, type Plan } from '../../tensor/plan.ts'
import { Store } from '../../tensor/store.ts'
import { type Tensor, Trace } from '../../tensor/trace.ts'

/** Where in one photo a net saw a class (Grad-CAM, Selvaraju et al. 2017, arXiv 1610.02391). */
export interface HeatMap {
  /** [height, width] of the photo: 0 where nothing speaks for the class, 1 where most does; all 0 where nothing does
   *  anywhere. */
  readonly heat: Float32Array<ArrayBuffer>
  /** The class that was asked about. */
  readonly label: number
  /** [classes] */
  readonly probabilities: Float32Array<ArrayBuffer>
}

/** A net made ready to answer where it saw a class, one photo after the other. */
export interface HeatMapper {
  /** `pixels` u8 [height width channels] of the model's input; `label` is a class, default the most probable one. */
  map(pixels: Uint8Array<ArrayBuffer>, label?: number): Promise<HeatMap>
  /** Frees what it holds on the device, not the device. */
  dispose(): void
}

/** Makes ready for many photos. CoreError 'bad-model' for a net without a convolution, 'bad-checkpoint' where the
 *  weights are of another model. */
export async function createHeatMapper(device: Device, model: ModelDescription, state: StateDict): Promise<HeatMapper> {
  const photos = onePhoto(model)
  const loader = new DataLoader(photos, 1, device)
  const { trace, places } = traceHeat(model, loader)
  const store = new Store(device, 0)
  let plan: Plan | undefined
  const dispose = () => {
    plan?.dispose()
    store.dispose()
  }
  try {
    const ready = (plan = await compile(device, trace, store))
    writeStateDict(store, model, state)
    loader.setOrder(store, 'evaluate', Uint32Array.of(0))
    const run = async (pixels: Uint8Array<ArrayBuffer>, label: number) => {
      store.write('data.images', pixels)
      store.write('heat.label', oneHot(label, model.classes.length))
      ready.run({ ...zeroStep, batchCount: 1 })
      const [probabilities, values, slopes] = await Promise.all(
        ['heat.probabilities', 'heat.values', 'heat.slopes'].map(name => store.read(name)),
      ) // asked for before another photo is run
      return { probabilities: probabilities!, values: values!, slopes: slopes! }
    }
    return { map: (pixels, label) => mapPhoto(model, places, run, pixels, label), dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

type HeatMapRun = (
  pixels: Uint8Array<ArrayBuffer>,
  label: number,
) => Promise<{
  readonly probabilities: Float32Array<ArrayBuffer>
  readonly values: Float32Array
  readonly slopes: Float32Array
}>

async function mapPhoto(
  model: ModelDescription,
  places: Places,
  run: HeatMapRun,
  pixels: Uint8Array<ArrayBuffer>,
  asked: number | undefined,
): Promise<HeatMap> {
  const { height, width, channels } = model.input
  checkType('pixels', pixels, 'Uint8Array', 'bytes in 0..255')
  if (pixels.length !== height * width * channels) {
    throw new CoreError(
      'bad-data',
      `A photo of ${height} x ${width} x ${channels} takes ${height * width * channels} bytes but there are ${pixels.length}.`,
      'Prepare the photo at the size of the model.',
    )
  }
  if (asked !== undefined && !(asked in model.classes)) {
    throw new CoreError(
      'bad-argument',
      `There is no class ${asked}; the model has ${model.classes.length}, counted from 0.`,
      'Ask about one of its classes.',
    )
  }
  let result = await run(pixels, asked ?? 0)
  const label = asked ?? result.probabilities.indexOf(Math.max(...result.probabilities))
  if (label !== (asked ?? 0)) result = await run(pixels, label)
  return {
    heat: enlarge(weigh(places, result.values, result.slopes), places, height, width),
    label,
    probabilities: result.probabilities,
  }
}

interface Places {
  readonly H: number
  readonly W: number
  readonly C: number
}

function traceHeat(model: ModelDescription, loader: DataLoader): { readonly trace: Trace; readonly places: Places } {
  const at = featureMapLayer(model.layers)
  if (at < 0)
    throw new CoreError(
      'bad-model',
      `A heat map needs a net with convolutions; ${model.preset} has none, so it does not know places.`,
      'Choose a run of another kind of net.',
    )
  const trace = new Trace({ training: false, frozen: () => true })
  const { images, order, classes } = loader.tensors(trace, 'evaluate')
  const { x } = gatherBatch(images, order, classes, { batch: 1, ...model.normalise })
  let seen: Tensor | undefined
  const logits = forward({ ...model, mirrored: false }, x, (index, input) => {
    // places are those of the photo as it is
    if (index === at) trace.watch((seen = input))
  })
  const [, H, W, C] = seen!.shape as [number, number, number, number]
  const loss = trace.tensor([1])
  const goal = trace.state('heat.label', logits.shape, 'f32')
  trace.onBackward(loss, () => [[logits, goal]])
  trace.backward(loss)
  softmaxInto(trace.state('heat.probabilities', logits.shape, 'f32'), model.mirrored ? forward(model, x) : logits)
  storeRows(trace.state('heat.values', [1, H * W * C], 'f32'), seen!)
  storeRows(trace.state('heat.slopes', [1, H * W * C], 'f32'), trace.watched.get(seen!)!)
  return { trace, places: { H, W, C } }
}

/** [H W]: the channels of each place, weighted by their mean slope; what speaks against the class is 0, the largest is
 *  1. */
function weigh({ H, W, C }: Places, values: Float32Array, slopes: Float32Array): Float32Array {
  const weights = new Float64Array(C)
  slopes.forEach((slope, i) => {
    weights[i % C]! += slope / (H * W)
  })
  const heat = Float32Array.from({ length: H * W }, (_, place) => {
    let sum = 0
    for (let c = 0; c < C; c++) sum += weights[c]! * values[place * C + c]!
    return Math.max(sum, 0)
  })
  const most = heat.reduce((a, b) => Math.max(a, b), 0)
  return most > 0 ? heat.map(value => value / most) : heat
}

/** [H W] -> [height width], each place at the middle of its share of the photo, linear between (PyTorch's bilinear
 *  without aligned corners). */
function enlarge(heat: Float32Array, { H, W }: Places, height: number, width: number): Float32Array<ArrayBuffer> {
  const [rows, columns] = [stations(H, height), stations(W, width)]
  const result = new Float32Array(height * width)
  rows.forEach(({ low, high, share }, h) =>
    columns.forEach((column, w) => {
      const line = (row: number) =>
        heat[row * W + column.low]! * (1 - column.share) + heat[row * W + column.high]! * column.share
      result[h * width + w] = line(low) * (1 - share) + line(high) * share
    }),
  )
  return result
}

/** For each of `to` pixels: the two of `from` places around it, and how much of the second. */
function stations(from: number, to: number): { readonly low: number; readonly high: number; readonly share: number }[] {
  return Array.from({ length: to }, (_, i) => {
    const at = Math.max(0, ((i + 0.5) * from) / to - 0.5)
    const low = Math.min(Math.floor(at), from - 1)
    return { low, high: Math.min(low + 1, from - 1), share: at - low }
  })
}

function onePhoto({ input: { height, width, channels } }: ModelDescription): PhotoSet {
  return { images: new Uint8Array(height * width * channels), labels: Uint32Array.of(0), height, width, channels }
}

function oneHot(label: number, classes: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: classes }, (_, k) => (k === label ? 1 : 0))
}
