// Heat maps and features against PyTorch's autograd, on every device (scripts/golden/heat.py made the numbers), and
// what is refused.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createReferenceDevice,
  createHeatMapper,
  predictWithFeatures,
  type Device,
  layers,
} from '../../../src/core/index.ts'
import type { LayerDescription, ModelDescription, StateDict } from '../../../src/core/nn/description.ts'
import { describePreset } from '../../../src/core/nn/presets.ts'
import { readStateDict } from '../../../src/core/nn/state-dict.ts'
import { createEvaluator } from '../../../src/core/train/evaluation/evaluator.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { availableDevices, openDevice } from '../devices.ts'
import { readGolden, units } from '../golden.ts'
import { goldenNet, goldenPhotos, goldenWeights, type ImageShape } from '../nn/golden-nets.ts'

const file = readGolden('heat.safetensors')
const values = (name: string) => file.tensors.get(name)!.data
const shapes: Readonly<Record<string, ImageShape>> = {
  'small net': [10, 10, 3],
  resnet18: [32, 32, 3],
  vgg11: [32, 32, 3],
}

/** Weights of the right shapes for a model: the golden ones. */
async function weightsOf(model: ModelDescription, shape: ImageShape): Promise<StateDict> {
  const cpu = createReferenceDevice()
  const store = new Store(cpu, 1)
  await createEvaluator(cpu, store, model, photosOf(shape))
  return goldenWeights(await readStateDict(store, model))
}

function photosOf(shape: ImageShape) {
  const { images, labels, ...size } = goldenPhotos(shape)
  return { ...size, images: images.slice(0, shape[0] * shape[1] * shape[2]), labels: labels.slice(0, 1) }
}

function furthest(ours: Float32Array, theirs: Float32Array): number {
  expect(ours).toHaveLength(theirs.length)
  return ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0)
}

describe.each(await availableDevices())('on %s', kind => {
  let device: Device
  beforeAll(async () => {
    device = await openDevice(kind)
  })
  afterAll(() => device.destroy())

  // A software GPU compiles each shape for seconds, so there one net stands for all.
  it.each(kind === 'cpu' ? Object.keys(shapes) : ['small net'])('%s sees what PyTorch sees', async net => {
    const shape = shapes[net]!
    const model = goldenNet(net, shape)
    const weights = await weightsOf(model, shape)
    const mapper = await createHeatMapper(device, model, weights)
    const { images } = photosOf(shape)
    for (let label = 0; label < 5; label++) {
      const map = await mapper.map(images, label)
      expect(map.label).toBe(label)
      expect(furthest(map.heat, values(`${net}/heat/${label}`)), `class ${label}`).toBeLessThan(2e-4)
      expect(furthest(map.probabilities, values(`${net}/probabilities`))).toBeLessThan(1e-4)
    }
    const sure = values(`${net}/probabilities`)
    expect((await mapper.map(images)).label).toBe(sure.indexOf(Math.max(...sure)))
    mapper.dispose()
  })

  it.each(kind === 'cpu' ? Object.keys(shapes) : ['small net'])("%s has PyTorch's features", async net => {
    const shape = shapes[net]!
    const model = goldenNet(net, shape)
    const { features, probabilities } = await predictWithFeatures(
      device,
      model,
      await weightsOf(model, shape),
      photosOf(shape),
      Uint32Array.of(0),
    )
    const expected = values(`${net}/features`)
    expect(furthest(features, expected) / Math.max(...expected)).toBeLessThan(1e-4)
    expect(furthest(probabilities, values(`${net}/probabilities`))).toBeLessThan(1e-4)
  })
})

/** A net with a batch norm in its head, and the same with a dense layer that does what the norm does. */
function twoHeads() {
  const net = (middle: LayerDescription): ModelDescription => ({
    ...describePreset('softmax', { height: 6, width: 6, channels: 2, classes: ['a', 'b'] }),
    layers: [
      layers.conv2d('c', 4, 3),
      layers.relu(),
      layers.flatten(),
      layers.dense('d', 5),
      middle,
      layers.relu(),
      layers.dense('fc', 2),
    ],
  })
  const part = (name: string, shape: readonly number[], from = 0) =>
    [
      name,
      {
        shape,
        data: Float32Array.from(
          units(
            name,
            shape.reduce((a, b) => a * b),
          ),
          u => from + u,
        ),
      },
    ] as const
  const shared = new Map([
    part('c.weight', [4, 2, 3, 3], -0.4),
    part('c.bias', [4]),
    part('d.weight', [5, 144], -0.5),
    part('d.bias', [5]),
    part('fc.weight', [2, 5], -0.5),
    part('fc.bias', [2]),
  ])
  const norm = new Map([
    part('m.weight', [5]),
    part('m.bias', [5], 2),
    part('m.running_mean', [5], -0.5),
    part('m.running_var', [5], 0.5),
  ])
  const [gamma, beta, mean, variance] = [...norm.values()].map(({ data }) => data) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const slope = gamma.map((value, i) => value / Math.sqrt(variance[i]! + 1e-5))
  const folded = new Map([
    [
      'm.weight',
      { shape: [5, 5], data: Float32Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? slope[i / 6]! : 0)) },
    ],
    ['m.bias', { shape: [5], data: Float32Array.from(beta, (value, i) => value - mean[i]! * slope[i]!) }],
  ] as const)
  return {
    normed: [net(layers.batchNorm('m')), new Map([...shared, ...norm])],
    dense: [net(layers.dense('m', 5)), new Map([...shared, ...folded])],
  } as const
}

it.each(await availableDevices())('a heat map goes back through a batch norm on %s', async kind => {
  const device = await openDevice(kind)
  const pixels = Uint8Array.from({ length: 72 }, (_, i) => (i * 37) % 256)
  const { normed, dense } = twoHeads()
  const [ours, theirs] = await Promise.all(
    [normed, dense].map(async ([model, state]) => (await createHeatMapper(device, model, state)).map(pixels, 1)),
  )
  expect(furthest(ours!.heat, theirs!.heat)).toBeLessThan(1e-4)
  expect(Math.max(...ours!.heat)).toBe(1)
  expect(furthest(ours!.probabilities, theirs!.probabilities)).toBeLessThan(1e-5)
  device.destroy()
})

it.each(await availableDevices())(
  'photos that are asked about at the same time get their own heat maps on %s',
  async kind => {
    const device = await openDevice(kind)
    const [model, state] = twoHeads().dense
    const mapper = await createHeatMapper(device, model, state)
    const photos = [37, 91, 11].map(factor => Uint8Array.from({ length: 72 }, (_, i) => (i * factor) % 256))
    const alone = []
    for (const pixels of photos) alone.push(await mapper.map(pixels, 0))
    expect(await Promise.all(photos.map(pixels => mapper.map(pixels, 0)))).toEqual(alone)
    device.destroy()
  },
)

describe('a heat map', () => {
  const input = { height: 8, width: 8, channels: 1, classes: ['a', 'b'] }

  it('is refused for a net without convolutions, for a photo of another size and for a class that is not there', async () => {
    const device = createReferenceDevice()
    const dense = describePreset('mlp', input)
    await expect(createHeatMapper(device, dense, new Map())).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining('mlp has none'),
    })
    const model = describePreset('simple-conv', input)
    const mapper = await createHeatMapper(device, model, await weightsOf(model, [8, 8, 1]))
    const floats = new Float32Array(64) as unknown as Uint8Array<ArrayBuffer>
    await expect(mapper.map(floats)).rejects.toThrow('The pixels are of type Float32Array, not a Uint8Array')
    await expect(mapper.map(new Uint8Array(9))).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining('takes 64 bytes but there are 9'),
    })
    await expect(mapper.map(new Uint8Array(64), 2)).rejects.toMatchObject({ code: 'bad-argument' })
  })

  it('holds nothing on the device where the weights are of another model', async () => {
    const device = createReferenceDevice()
    await expect(createHeatMapper(device, describePreset('simple-conv', input), new Map())).rejects.toMatchObject({
      code: 'bad-checkpoint',
    })
    expect(device.counters).toMatchObject({ buffers: 0, bufferBytes: 0 })
  })

  it('takes the logits for features where the last dense layer reads a large photo itself', async () => {
    const device = createReferenceDevice()
    const shape: ImageShape = [65, 64, 1]
    const model = describePreset('softmax', { ...input, height: 65, width: 64 })
    const { features } = await predictWithFeatures(
      device,
      model,
      await weightsOf(model, shape),
      photosOf(shape),
      Uint32Array.of(0),
    )
    expect(features).toHaveLength(2)
  })
})
