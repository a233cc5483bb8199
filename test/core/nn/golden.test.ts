// Seven nets against PyTorch, on every device: all gradients at step 0, ten losses under Adam, AdamW and SGD with
// momentum, and batch norm's running statistics after them (scripts/golden/nets.py made the numbers).

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adam, sgd, type Device, type Optimizer, type StateDict } from '../../../src/core/index.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import { zeroStep, type StepValues } from '../../../src/core/kernels/step.ts'
import type { ModelDescription } from '../../../src/core/nn/description.ts'
import { readStateDict, writeStateDict } from '../../../src/core/nn/state-dict.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { alignUp } from '../../../src/core/tensor/trace.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'
import { availableDevices, openDevice, type DeviceKind } from '../devices.ts'
import { readGolden } from '../golden.ts'
import { copy } from '../ops/harness.ts'
import { batch, fingerprint, goldenNet, goldenPhotos, goldenWeights, steps, type ImageShape } from './golden-nets.ts'

const file = readGolden('nets.safetensors')
const shapes = JSON.parse(file.metadata.get('shapes')!) as Record<string, ImageShape>

const optimizers: Readonly<Record<string, { readonly optimizer: Optimizer; readonly rate: number }>> = {
  adam: { optimizer: adam(), rate: 1e-3 },
  adamw: { optimizer: adam({ weightDecay: 0.05 }), rate: 1e-3 },
  momentum: { optimizer: sgd({ momentum: 0.9 }), rate: 0.0005 },
}

/** Gradients go to states `<name>.gradient` instead of moving the weights. */
const keepGradients: Optimizer = {
  name: 'keep',
  moments: [],
  betas: [0, 0],
  update: trace =>
    trace.gradients.forEach((gradient, name) =>
      copy(gradient, trace.state(`${name}.gradient`, [gradient.size], 'f32')),
    ),
}

/** What a device is asked: a software GPU compiles each shape for seconds, so there one net stands for all; its ops are
 *  judged one by one. */
async function netsFor(kind: DeviceKind): Promise<[string, ImageShape][]> {
  const device = await openDevice(kind)
  const emulated = device.info.kind === 'gpu' && device.info.software
  device.destroy()
  return Object.entries(shapes).filter(([net]) => !emulated || net === 'small net')
}

const runs = await Promise.all((await availableDevices()).map(async kind => [kind, await netsFor(kind)] as const))

describe.each(runs)('on %s', (kind, nets) => {
  let device: Device
  beforeAll(async () => {
    device = await openDevice(kind)
  })
  afterAll(() => device.destroy())

  describe.each(nets)('%s', (net, shape) => {
    const model = goldenNet(net, shape)

    it("has PyTorch's gradients", async () => {
      const { gradients } = await gradientsOf(device, model, shape)
      const largest = Math.max(...[...gradients.values()].map(({ data }) => Math.hypot(...data)))
      for (const [name, { data }] of gradients) {
        const expected = [...file.tensors.get(`${net}/gradient/${name}`)!.data]
        // A bias before a batch norm has no effect: its gradient is rounding noise in both, told by its size.
        const scale = Math.max(expected[0]!, 1e-3 * largest)
        expect(distance(fingerprint(name, data), expected) / scale, name).toBeLessThan(1e-4)
      }
    })

    const chosen = Object.entries(optimizers)
    it.each(chosen)("has PyTorch's ten losses under %s", async (name, { optimizer, rate }) => {
      const run = await trajectory(device, model, shape, optimizer, rate)
      const expected = file.tensors.get(`${net}/losses/${name}`)!.data
      const tolerance = net === 'small net' ? 1e-4 : 1e-3
      run.losses.forEach((loss, step) =>
        expect(Math.abs(loss / expected[step]! - 1), `loss ${step}: ${loss} and ${expected[step]}`).toBeLessThan(
          tolerance,
        ),
      )
      if (name !== 'momentum') return
      for (const [key, { data }] of run.state) {
        const statistics = file.tensors.get(`${net}/statistics/${key}`)
        if (statistics)
          expect(distance(fingerprint(key, data), [...statistics.data]) / statistics.data[0]!, key).toBeLessThan(1e-3)
      }
    })
  })
})

async function prepared(device: Device, model: ModelDescription, shape: ImageShape, optimizer: Optimizer) {
  const photos = goldenPhotos(shape)
  const feed = new DataLoader(photos, batch, device)
  const store = new Store(device, 1)
  const trainRows = Uint32Array.from(photos.labels, (_, row) => row)
  const plan = await compile(
    device,
    traceTrainingStep({ model, batchSize: batch, optimizer, labelSmoothing: 0, trainRows }, feed),
    store,
  )
  writeStateDict(store, model, goldenWeights(await readStateDict(store, model)))
  feed.setOrder(store, 'train', trainRows)
  return { plan, store, dispose: () => (plan.dispose(), store.dispose()) }
}

async function gradientsOf(
  device: Device,
  model: ModelDescription,
  shape: ImageShape,
): Promise<{ readonly gradients: StateDict }> {
  const { plan, store, dispose } = await prepared(device, model, shape, keepGradients)
  plan.run({ ...zeroStep, batchCount: batch })
  const names = [...store.names()].filter(([, { role }]) => role === 'parameter')
  for (const [name, { size }] of names) store.write(name, total(await store.read(`${name}.gradient`), size)) // in their place they turn to PyTorch's layout
  const state = await readStateDict(store, model)
  dispose()
  return { gradients: new Map([...state].filter(([name]) => !name.includes('running'))) }
}

function total(values: Float32Array, size: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: size }, (_, i) => {
    let sum = 0
    for (let at = i; at < values.length; at += alignUp(size)) sum += values[at]!
    return sum
  })
}

async function trajectory(
  device: Device,
  model: ModelDescription,
  shape: ImageShape,
  optimizer: Optimizer,
  rate: number,
) {
  const { plan, store, dispose } = await prepared(device, model, shape, optimizer)
  const [beta1, beta2] = optimizer.betas
  for (let step = 0; step < steps; step++) {
    const values: StepValues = {
      ...zeroStep,
      step,
      batchStart: step * batch,
      batchCount: batch,
      rate,
      correction1: 1 - beta1 ** (step + 1),
      correction2: 1 - beta2 ** (step + 1),
    }
    plan.run(values)
    await device.finished()
  }
  const metrics = await store.read('metrics')
  const state = await readStateDict(store, model)
  dispose()
  return { losses: Array.from({ length: steps }, (_, step) => metrics[step * 4]!), state }
}

/** The root mean square of the differences of the products: that of the tensors themselves, but for chance. */
function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.slice(1).map((value, i) => value - b[i + 1]!)) / Math.sqrt(a.length - 1)
}
