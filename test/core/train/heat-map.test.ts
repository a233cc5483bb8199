// Heat maps and features against PyTorch's autograd, on every device (scripts/golden/heat.py made the numbers), and what is refused.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCpuDevice, createHeatMapper, predictWithFeatures, type Device } from '../../../src/core/index.ts'
import type { ModelDescription, StateDict } from '../../../src/core/nn/description.ts'
import { describePreset } from '../../../src/core/nn/presets.ts'
import { readStateDict } from '../../../src/core/nn/state-dict.ts'
import { createEvaluator } from '../../../src/core/train/evaluator.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { availableDevices, openDevice } from '../devices.ts'
import { readGolden } from '../golden.ts'
import { goldenNet, goldenPhotos, goldenWeights, type ImageShape } from '../nn/golden-nets.ts'

const file = readGolden('heat.safetensors')
const values = (name: string) => file.tensors.get(name)!.data
const shapes: Readonly<Record<string, ImageShape>> = { 'small net': [10, 10, 3], resnet18: [32, 32, 3], vgg11: [32, 32, 3] }

/** Weights of the right shapes for a model: the golden ones. */
async function weightsOf(model: ModelDescription, shape: ImageShape): Promise<StateDict> {
  const cpu = createCpuDevice()
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
  it.each(kind === 'cpu' ? Object.keys(shapes) : ['small net'])('%s sees what PyTorch sees', { timeout: 240_000 }, async net => {
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

  it.each(kind === 'cpu' ? Object.keys(shapes) : ['small net'])('%s has PyTorch\'s features', { timeout: 240_000 }, async net => {
    const shape = shapes[net]!
    const model = goldenNet(net, shape)
    const { features, probabilities } = await predictWithFeatures(device, model, await weightsOf(model, shape), photosOf(shape), Uint32Array.of(0))
    const expected = values(`${net}/features`)
    expect(furthest(features, expected) / Math.max(...expected)).toBeLessThan(1e-4)
    expect(furthest(probabilities, values(`${net}/probabilities`))).toBeLessThan(1e-4)
  })
})

describe('a heat map', () => {
  const input = { height: 8, width: 8, channels: 1, classes: ['a', 'b'] }

  it('is refused for a net without convolutions, for a photo of another size and for a class that is not there', async () => {
    const device = createCpuDevice()
    const dense = describePreset('mlp', input)
    await expect(createHeatMapper(device, dense, new Map())).rejects.toMatchObject({ code: 'bad-model', message: expect.stringContaining('mlp has none') })
    const model = describePreset('simple-conv', input)
    const mapper = await createHeatMapper(device, model, await weightsOf(model, [8, 8, 1]))
    await expect(mapper.map(new Uint8Array(9))).rejects.toMatchObject({ code: 'bad-data', message: expect.stringContaining('takes 64 bytes but there are 9') })
    await expect(mapper.map(new Uint8Array(64), 2)).rejects.toMatchObject({ code: 'bad-argument' })
  })

  it('takes the logits for features where the last dense layer reads a large photo itself', async () => {
    const device = createCpuDevice()
    const shape: ImageShape = [65, 64, 1]
    const model = describePreset('softmax', { ...input, height: 65, width: 64 })
    const { features } = await predictWithFeatures(device, model, await weightsOf(model, shape), photosOf(shape), Uint32Array.of(0))
    expect(features).toHaveLength(2)
  })
})
