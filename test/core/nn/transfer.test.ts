// Beginning with other weights: which stages a depth freezes, what of a torchvision state dict fits and what the report
// says of the rest, which preset weights belong to, and the rates of head and backbone.

import { describe, expect, it } from 'vitest'
import {
  createReferenceDevice,
  describePreset,
  frozenTo,
  isHead,
  predict,
  presetNames,
  recognisePreset,
  stagesOf,
  type StateDict,
} from '../../../src/core/index.ts'
import { streams, uniforms } from '../../../src/core/kernels/philox.ts'
import { encodeCheckpoint, decodeWeights } from '../../../src/core/io/checkpoint.ts'
import { encodeSafetensors } from '../../../src/core/io/safetensors.ts'
import { forward } from '../../../src/core/nn/build.ts'
import type { ModelDescription } from '../../../src/core/nn/description.ts'
import { readStateDict } from '../../../src/core/nn/state-dict.ts'
import { compareWeights, transferText, transferWeights } from '../../../src/core/nn/transfer.ts'
import { stateShapes } from '../../../src/core/nn/shapes.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { eventsOf, lastSnapshot, rows, stripeModel, stripes } from '../train/stripes.ts'

const classes = ['a', 'b', 'c']
const preset = (name: string, size = 32, names: readonly string[] = classes) =>
  describePreset(name, { height: size, width: size, channels: 3, classes: names })

async function storeOf(model: ModelDescription, seed = 1): Promise<Store> {
  const trace = new Trace({ training: true })
  forward(model, trace.tensor([2, model.input.height, model.input.width, model.input.channels]))
  const store = new Store(createReferenceDevice(), seed)
  await store.allocate(trace)
  return store
}

/** What torchvision's file of this net would hold: its 1,000 classes, and a count of batches beside every batch norm.
 */
async function torchvision(name: string, size = 32): Promise<StateDict> {
  const model = preset(
    name,
    size,
    Array.from({ length: 1000 }, (_, i) => `class ${i}`),
  )
  const state = new Map(await readStateDict(await storeOf(model, 2), model))
  for (const key of [...state.keys()].filter(key => key.endsWith('.running_var')))
    state.set(key.replace('running_var', 'num_batches_tracked'), { shape: [], data: Float32Array.of(100) })
  return state
}

describe('stages', () => {
  it.each([
    ['resnet18', ['conv1', 'layer1', 'layer2', 'layer3', 'layer4', 'fc']],
    ['photo-convnet', ['conv1', 'conv2', 'conv3', 'conv4', 'fc1', 'fc2']],
    [
      'vgg11',
      [
        'features.0',
        'features.3',
        'features.6',
        'features.8',
        'features.11',
        'features.13',
        'features.16',
        'features.18',
        'classifier.0',
        'classifier.3',
        'classifier.6',
      ],
    ],
  ])('of %s', (name, stages) => {
    expect(stagesOf(preset(name)).map(stage => stage.name)).toEqual(stages)
  })

  it('freeze from the input on, norms with their convolution', () => {
    const frozen = frozenTo(preset('resnet18'), 3)
    const names = [
      'conv1.weight',
      'bn1.bias',
      'layer1.1.bn2.weight',
      'layer2.0.downsample.1.weight',
      'layer3.0.conv1.weight',
      'fc.bias',
    ]
    expect(names.map(frozen)).toEqual([true, true, true, true, false, false])
  })

  it('freeze all but the head, which is the last', () => {
    const model = preset('googlenet')
    expect(
      ['conv1.conv.weight', 'inception5b.branch4.1.bn.bias', 'fc.weight'].map(frozenTo(model, 'backbone')),
    ).toEqual([true, true, false])
    expect(['inception5b.branch4.1.bn.bias', 'fc.weight'].map(isHead(model))).toEqual([false, true])
  })

  it('are never all frozen', () => {
    expect(() => frozenTo(preset('resnet18'), 6)).toThrow(
      'resnet18 has 6 stages (conv1, layer1, layer2, layer3, layer4, fc), so freezing 6 would leave nothing to learn.',
    )
  })
})

describe('a torchvision file', () => {
  // Lengths of torchvision's state dicts.
  it.each([
    ['resnet18', 122],
    ['resnet34', 218],
    ['resnet50', 320],
    ['vgg11', 22],
    ['vgg16', 32],
  ])('of %s has %i tensors and is recognised', async (name, tensors) => {
    const state = await torchvision(name)
    expect(state.size).toBe(tensors)
    expect(recognisePreset(state, { height: 64, width: 64, channels: 3 })).toBe(name)
  })

  it('gives all but the head, and the report names what it does not', async () => {
    const model = preset('resnet18')
    const file = encodeSafetensors(
      new Map([...(await torchvision('resnet18')), ['extra.weight', { shape: [1], data: Float32Array.of(1) }]]),
      new Map([['format', 'pt']]),
    )
    const { weights, model: unknown } = decodeWeights(file)
    expect(unknown).toBeNull()
    const store = await storeOf(model)
    const fresh = await readStateDict(store, model)
    const report = await transferWeights(store, model, { state: weights })
    expect(compareWeights(model, { state: weights })).toEqual(report)
    expect(report).toMatchObject({ missing: [], otherClasses: [], unused: ['extra.weight'] })
    expect(report.different).toEqual([
      'fc.weight is [1000, 512] in the file and [3, 512] here',
      'fc.bias is [1000] in the file and [3] here',
    ])
    expect(transferText(report)).toBe(
      '100 of 102 tensors begin with the given weights. Of another shape, so they start afresh: fc.weight is [1000, 512] in the file and [3, 512] here; fc.bias is [1000] in the file and [3] here. Not used: extra.weight.',
    )
    const state = await readStateDict(store, model)
    expect(state.get('layer3.0.conv1.weight')).toEqual(weights.get('layer3.0.conv1.weight'))
    expect(state.get('fc.weight')).toEqual(fresh.get('fc.weight'))
  })

  it('of another net is refused with the names of both', async () => {
    const model = preset('photo-convnet')
    await expect(
      transferWeights(await storeOf(model), model, {
        state: await torchvision('resnet18').then(state => new Map([...state].slice(5))),
      }),
    ).rejects.toMatchObject({
      code: 'bad-checkpoint',
      message: expect.stringMatching(
        /^None of the 117 given tensors \(layer1.*\) fits photo-convnet, which has conv1\.weight, /,
      ),
    })
  })
})

describe("another run's weights", () => {
  const model = preset('photo-convnet')

  it('keep their head only for the same classes', async () => {
    const state = await readStateDict(await storeOf(model, 2), model)
    const same = await transferWeights(await storeOf(model), model, { state, classes })
    expect(same.matched).toHaveLength(state.size)
    const other = await transferWeights(await storeOf(model), model, { state, classes: ['x', 'y', 'z'] })
    expect(other.otherClasses).toEqual(['fc2.weight', 'fc2.bias'])
    expect(transferText(other)).toContain('Made for other classes, so they start afresh: fc2.weight, fc2.bias.')
  })

  it('from the time when convolutions had a bias before their norm say the same without it', async () => {
    const old = {
      ...model,
      layers: model.layers.map(layer => (layer.type === 'conv2d' ? { ...layer, bias: true } : layer)),
    }
    const next = uniforms(4, streams.sample)
    const fresh = await readStateDict(await storeOf(old, 2), old)
    const state = new Map(
      [...fresh].map(([name, entry]) => [
        name,
        /conv\d\.bias|running_mean/.test(name) ? { ...entry, data: entry.data.map(() => next() - 0.5) } : entry,
      ]),
    )
    const store = await storeOf(model)
    const report = await transferWeights(store, model, { state, classes })
    expect([report.unused, report.different, report.missing]).toEqual([[], [], []])
    expect(compareWeights(model, { state, classes }).unused).toEqual([])
    expect(recognisePreset(state, model.input)).toBe('photo-convnet')
    const { height, width, channels } = model.input
    const images = Uint8Array.from({ length: 3 * height * width * channels }, () => next() * 256)
    const photos = { images, labels: new Uint32Array(3), height, width, channels }
    const three = Uint32Array.of(0, 1, 2)
    const before = await predict(createReferenceDevice(), old, state, photos, three)
    const after = await predict(createReferenceDevice(), model, await readStateDict(store, model), photos, three)
    after.forEach((value, i) => expect(value).toBeCloseTo(before[i]!, 5))
  })

  it('come out of a checkpoint with their model, and a damaged one is refused', async () => {
    const weights = await readStateDict(await storeOf(model), model)
    const file = encodeCheckpoint({ model, weights, epoch: 1, step: 1, optimizer: null, average: null, settings: {} })
    expect(decodeWeights(file)).toMatchObject({ weights, model })
    expect(() => decodeWeights(file.subarray(0, 1000))).toThrow(expect.objectContaining({ code: 'bad-checkpoint' }))
  })
})

it('recognises every preset and nothing else', async () => {
  const first = new Map<string, string>() // of those whose tensors are the same: they differ in what they do with them
  for (const name of presetNames().filter(name => !name.startsWith('vgg'))) {
    const model = preset(name)
    const tensors = JSON.stringify([...stateShapes(model)])
    if (!first.has(tensors)) first.set(tensors, name)
    expect(
      recognisePreset(await readStateDict(await storeOf(model), model), { height: 32, width: 32, channels: 3 }),
      name,
    ).toBe(first.get(tensors))
  }
  expect(first.size).toBeGreaterThan(10)
  expect(
    recognisePreset(new Map([['encoder.weight', { shape: [2, 2], data: new Float32Array(4) }]]), {
      height: 32,
      width: 32,
      channels: 3,
    }),
  ).toBeUndefined()
})

it('a backbone at a small share of the rate moves less than at the whole of it, the head as much', async () => {
  const model = stripeModel('simple-conv')
  const head = isHead(model)
  const move = async (share: number) => {
    const begin = await readStateDict(await storeOf(model, 3), model)
    const options = {
      device: createReferenceDevice(),
      model,
      photos: stripes(24),
      trainRows: rows(0, 24),
      validationRows: rows(0, 0),
      epochs: 1,
      batchSize: 24,
      learningRate: 0.01,
    }
    const { state } = lastSnapshot(
      await eventsOf({ ...options, initial: { state: begin }, rates: name => (head(name) ? 1 : share) }),
    )
    const far = (name: string) =>
      Math.hypot(...state.get(name)!.data.map((value, i) => value - begin.get(name)!.data[i]!))
    return { backbone: far('conv1.weight'), head: far('fc2.weight') }
  }
  const [whole, tenth] = [await move(1), await move(0.1)]
  expect(tenth.backbone / whole.backbone).toBeCloseTo(0.1, 3)
  expect(tenth.head / whole.head).toBeCloseTo(1, 3)
})

it('filters of colours are summed for a net that reads grey photos', () => {
  const input = { height: 32, width: 32, classes: ['a', 'b'] }
  const [grey, colour] = [1, 3].map(channels => describePreset('resnet18', { ...input, channels }))
  const shapes = stateShapes(colour!)
  const state = new Map(
    [...shapes].map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(shape.reduce((product, length) => product * length, 1)) },
    ]),
  )
  expect(compareWeights(grey!, { state })).toMatchObject({ different: [], missing: [], unused: [] })
})
