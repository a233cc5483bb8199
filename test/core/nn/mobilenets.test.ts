// MobileNets against PyTorch (scripts/golden/mobilenets.py): logits and all gradients of a batch, both
// in double precision; and what is made of them as
// backbones.

import { describe, expect, it } from 'vitest'
import { describePreset, summarise } from '../../../src/core/index.ts'
import { gatherBatch } from '../../../src/core/ops/batch/gather-batch.ts'
import { crossEntropy } from '../../../src/core/ops/losses/cross-entropy.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { forward } from '../../../src/core/nn/build.ts'
import { backbonePresets, withFeatureHead } from '../../../src/core/nn/feature-head.ts'
import { samePadding } from '../../../src/core/nn/nets/same-padding.ts'
import { stateShapes } from '../../../src/core/nn/shapes.ts'
import { stagesOf } from '../../../src/core/nn/stages.ts'
import { readStateDict, writeStateDict } from '../../../src/core/nn/state-dict.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { readGolden } from '../golden.ts'
import { createExactDevice } from '../ops/exact-device.ts'
import { copy } from '../ops/harness.ts'
import { batch, fingerprint, goldenNet, goldenPhotos, goldenWeights, type ImageShape } from './golden-nets.ts'

const file = readGolden('mobilenets.safetensors')
const shapes = JSON.parse(file.metadata.get('shapes')!) as Record<string, ImageShape>

it.each(Object.entries(shapes))("%s has PyTorch's logits and gradients", async (net, shape) => {
  const { logits, gradients } = await learnOnce(net, shape)
  const expected = file.tensors.get(`${net}/logits`)!.data
  expect(Math.max(...logits.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-4)
  const largest = Math.max(...[...gradients.values()].map(values => Math.hypot(...values)))
  for (const [name, values] of gradients) {
    const wanted = [...file.tensors.get(`${net}/gradient/${name}`)!.data]
    const scale = Math.max(wanted[0]!, 1e-3 * largest)
    const found = fingerprint(name, values)
    expect(Math.max(...found.map((value, i) => Math.abs(value - wanted[i]!))) / scale, name).toBeLessThan(1e-4)
  }
})

async function learnOnce(net: string, shape: ImageShape) {
  const device = createExactDevice()
  const model = goldenNet(net, shape)
  const photos = goldenPhotos(shape)
  const loader = new DataLoader(photos, batch, device)
  const trace = new Trace({ training: true })
  const { images, order, classes } = loader.tensors(trace, 'train')
  const { x, labels } = gatherBatch(images, order, classes, { batch, ...model.normalise })
  const logits = forward(model, x)
  copy(logits, trace.state('kept.logits', logits.shape, 'f32'))
  trace.backward(crossEntropy(logits, labels))
  trace.gradients.forEach((gradient, name) => copy(gradient, trace.state(`kept.${name}`, [gradient.size], 'f32')))
  const store = new Store(device, 1)
  const plan = await compile(device, trace, store)
  writeStateDict(store, model, goldenWeights(await readStateDict(store, model)))
  loader.setOrder(
    store,
    'train',
    Uint32Array.from({ length: batch }, (_, i) => i),
  )
  plan.run({ ...zeroStep, batchCount: batch })
  const gradients = new Map<string, Float32Array>()
  for (const [name, gradient] of trace.gradients) {
    const [splits, stride] = gradient.shape as [number, number]
    const parts = await store.read(`kept.${name}`)
    const { size } = trace.parameters.get(name)!.tensor
    store.write(
      name,
      Float32Array.from({ length: size }, (_, i) => {
        let sum = 0
        for (let s = 0; s < splits; s++) sum += parts[s * stride + i]!
        return sum
      }),
    )
  }
  const inTorchOrder = await readStateDict(store, model)
  for (const name of trace.gradients.keys()) gradients.set(name, inTorchOrder.get(name)!.data)
  const kept = await store.read('kept.logits')
  plan.dispose()
  store.dispose()
  return { logits: [...kept], gradients }
}

describe('presets', () => {
  const imageNet = (preset: string) =>
    describePreset(preset, {
      height: 224,
      width: 224,
      channels: 3,
      classes: Array.from({ length: 1000 }, (_, i) => String(i)),
    })

  // torchvision's documentation; MobileNet v1 as in its paper (4.2 million, 569 million multiply-adds).
  it.each([
    ['mobilenet-v2', 3_504_872, 0.3],
    ['mobilenet-v1', 4_231_976, 0.57],
    ['mobilenet-v1-torch', 4_231_976, 0.57],
  ])('%s has %i parameters and takes %d billion multiply-adds', (preset, parameters, billions) => {
    const summary = summarise(imageNet(preset))
    expect(summary.parameters).toBe(parameters)
    expect(summary.multiplyAdds / 1e9).toBeCloseTo(billions, 1)
  })

  it('are frozen by blocks', () => {
    const names = stagesOf(imageNet('mobilenet-v2')).map(({ name }) => name)
    expect(names).toEqual([...Array.from({ length: 19 }, (_, i) => `features.${i}`), 'classifier.1'])
  })
})

describe('SAME padding', () => {
  it.each([
    [[224, 224], 3, 2, [0, 0, 1, 1], [112, 112]],
    [[75, 75], 3, 2, [1, 1, 1, 1], [38, 38]],
    [[7, 10], 3, 1, [1, 1, 1, 1], [7, 10]],
    [[5, 6], 1, 2, [0, 0, 0, 0], [3, 3]],
  ] as const)('of %j with a window of %i at stride %i', (sides, size, stride, pad, after) => {
    expect(samePadding(sides, size, stride)).toEqual({ pad, sides: after })
  })
})

describe('a head on features', () => {
  const model = (preset: string) =>
    describePreset(preset, { height: 96, width: 96, channels: 3, classes: ['a', 'b', 'c'] })

  it.each([
    ['mobilenet-v1', 1536],
    ['mobilenet-v2-folded', 1536],
    ['mobilenet-v2', 576 + 1280],
    ['resnet18', 256 + 512],
    ['resnet50', 2048],
    ['googlenet', 832 + 1024],
    ['vgg16', 1024],
  ])('of %s reads %i numbers a photo', (preset, size) => {
    const net = withFeatureHead(model(preset))
    expect(stateShapes(net).get('head.weight')).toEqual([3, size])
    expect(summarise(net).layers.at(-1)!.parameters).toBe(3 * (size + 1))
  })

  it('drops what lies behind the last place', () => {
    expect(
      [...stateShapes(withFeatureHead(model('mobilenet-v2-folded'))).keys()].some(name => /17|18/.test(name)),
    ).toBe(false)
  })

  it('is refused where there are no places for it', () => {
    expect(() => withFeatureHead(model('resnet9'))).toThrow('resnet9 has no places')
    expect(backbonePresets()).toContain('mobilenet-v1')
  })
})
