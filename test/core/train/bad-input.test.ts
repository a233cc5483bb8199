// What a training or a prediction refuses before anything is allocated, each with a sentence that holds the actual
// values.

import { describe, expect, it } from 'vitest'
import {
  adagrad,
  adam,
  withEma,
  constant,
  oneCycle,
  predict,
  rmsprop,
  sgd,
  stepwise,
  warmUp,
  type Augmentation,
  type Device,
  type LayerDescription,
  type TrainingOptions,
  layers,
} from '../../../src/core/index.ts'
import { withDevice } from '../devices.ts'
import { eventsOf, lastSnapshot, rows, stripeModel, stripes } from './stripes.ts'

const photos = stripes(60)

function options(device: Device, change: Partial<TrainingOptions> = {}): TrainingOptions {
  return {
    device,
    model: stripeModel('simple-conv'),
    photos,
    trainRows: rows(0, 48),
    validationRows: rows(48, 60),
    epochs: 3,
    batchSize: 12,
    learningRate: 0.003,
    seed: 7,
    ...change,
  }
}

describe('bad input', () => {
  const refused = (change: Partial<TrainingOptions>, message: string, code: string) =>
    withDevice('cpu', async device => {
      await expect(eventsOf(options(device, change))).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      })
      expect(device.counters.buffers).toBe(0)
    })

  it('a class that does not exist, of which the first row is named', () =>
    refused(
      { photos: { ...photos, labels: photos.labels.map((label, row) => (row === 5 ? 3 : label)) } },
      'Row 5 has class 3 but there are only 3 classes.',
      'bad-data',
    ))

  it('a batch of one with batch norm', () =>
    refused(
      { batchSize: 1, model: stripeModel('photo-convnet', 16), photos: stripes(60, 16) },
      'needs at least two photos at a time, but batchSize is 1',
      'bad-argument',
    ))

  it('a batch of one only where a layer is a batch norm, whatever layers are called', () =>
    withDevice('cpu', async device => {
      const model = { ...stripeModel('softmax'), layers: [layers.flatten(), layers.dense('batch-norm', 3)] }
      const events = await eventsOf(options(device, { batchSize: 1, epochs: 1, model }))
      expect(events.at(-1)).toMatchObject({ type: 'ended', state: 'done' })
    }))

  it('a single photo with batch norm', () =>
    refused(
      { trainRows: rows(0, 1), model: stripeModel('photo-convnet', 16), photos: stripes(60, 16) },
      'batchSize is 1',
      'bad-argument',
    ))

  it('no photos to learn from', () => refused({ trainRows: rows(0, 0) }, 'no photos to learn from', 'bad-data'))

  it('a normalisation that is not a number', () =>
    refused(
      { model: { ...stripeModel('softmax'), normalise: { mean: [Number.NaN], std: [1] } } },
      'mean [NaN]',
      'bad-model',
    ))

  it('photos of another size than the model takes, with both shapes', () =>
    refused({ model: stripeModel('simple-conv', 16) }, '16 x 16 x 1 but got [12, 12, 1]', 'shape-mismatch'))

  it('a layer that does not fit its input, with its name and both shapes', () =>
    refused(
      {
        model: {
          ...stripeModel('softmax'),
          layers: [layers.conv2d('conv9', 4, 15, { pad: 0 }), layers.flatten(), layers.dense('fc', 3)],
        },
      },
      'conv9.weight [15, 15, 1, 4] does not fit its input [12, 12, 12, 1]',
      'shape-mismatch',
    ))

  it.each<[string, Partial<TrainingOptions>, string, string]>([
    [
      'a row that is not there',
      { validationRows: Uint32Array.of(3, 60) },
      'validationRows holds row 60 but there are only 60 photos',
      'bad-data',
    ],
    [
      'more rows than photos',
      { trainRows: Uint32Array.from({ length: 61 }, (_, i) => i % 48) },
      'trainRows holds 61 rows but there are only 60 photos',
      'bad-data',
    ],
    [
      'an option of another name',
      { batch: 8 } as Partial<TrainingOptions>,
      'Training has no option "batch".',
      'bad-argument',
    ],
    ['no batch', { batchSize: 0 }, 'batchSize is 0', 'bad-argument'],
    ['half an epoch', { epochs: 0.5 }, 'epochs is 0.5', 'bad-argument'],
    ['steps that are not a number', { steps: Number.NaN }, 'steps is NaN', 'bad-argument'],
    ['a rate that is not a number', { learningRate: Number.NaN }, 'learningRate is NaN', 'bad-argument'],
    ['a seed that is not a number', { seed: Number.NaN }, 'The seed is NaN', 'bad-argument'],
    ['half a seed', { seed: 1.5 }, 'The seed is 1.5', 'bad-argument'],
    [
      'a schedule that answers no number',
      { schedule: (step: number) => (step < 5 ? 1 : Number.NaN) },
      'The schedule answers NaN at step 5 of 12',
      'bad-argument',
    ],
    [
      'a factor of the rate below 0',
      { rates: (name: string) => (name.endsWith('bias') ? -1 : 1) },
      'The factor of the rate of conv1.bias is -1',
      'bad-argument',
    ],
    [
      'fewer numbers than photos',
      { photos: { ...photos, numbers: rows(0, 3) } },
      'There are 60 photos but 3 numbers',
      'bad-data',
    ],
    [
      'an augmentation of no chance',
      { augmentation: { flip: { probability: Number.NaN } } },
      'flip has the probability NaN',
      'bad-argument',
    ],
    [
      'an augmentation of no size',
      { augmentation: { scale: { probability: 1, range: [0, 1] } } },
      'scale has the range 0 to 1',
      'bad-argument',
    ],
    [
      'an augmentation without its size',
      { augmentation: { crop: { probability: 1 } } },
      'crop has the range 0 to 0',
      'bad-argument',
    ],
    [
      'an augmentation the wrong way round',
      { augmentation: { rotate: { probability: 1, range: [5, -5] } } },
      'rotate has the range 5 to -5',
      'bad-argument',
    ],
    [
      'an augmentation that is made ahead',
      { augmentation: { blur: { probability: 1, range: [0, 1] } } as Augmentation },
      'blur is no change made while training',
      'bad-argument',
    ],
    ['photos mixed beyond half', { augmentation: { mixup: 0.7 } }, 'mixup is 0.7', 'bad-argument'],
    ['labels smoothed away', { labelSmoothing: 1 }, 'labelSmoothing is 1', 'bad-argument'],
    [
      'a normalisation of other channels',
      { model: { ...stripeModel('softmax'), normalise: { mean: [0.5, 0.5, 0.5], std: [1, 1, 1] } } },
      'mean [0.5, 0.5, 0.5] and deviation [1, 1, 1] but photos have 1 channels',
      'bad-model',
    ],
  ])('%s', (_, change, message, code) => refused(change, message, code))

  it('a class without a photo to learn from is named', () =>
    withDevice('cpu', async device => {
      const events = await eventsOf(options(device, { trainRows: rows(0, 48).filter(row => row % 3 !== 1), epochs: 1 }))
      expect(events[1]).toMatchObject({
        type: 'note',
        code: 'untaught-classes',
        warning: true,
        message: 'There is no photo to learn from of: down. The net cannot learn them.',
      })
    }))

  it('pixels that are missing', () =>
    refused(
      { photos: { ...photos, images: photos.images.slice(1) } },
      '60 photos of 12 x 12 x 1 take 8640 bytes but there are 8639',
      'bad-data',
    ))

  it('class weights of another number of classes', () =>
    refused({ classWeights: [1, 2] }, 'There are 3 classes but the class weights are [1, 2]', 'bad-argument'))

  it('a checkpoint of another model, and one with values that are not numbers', () =>
    withDevice('cpu', async device => {
      const snapshot = lastSnapshot(await eventsOf(options(device, { epochs: 1 })))
      await expect(eventsOf(options(device, { from: snapshot, model: stripeModel('mlp') }))).rejects.toMatchObject({
        code: 'bad-checkpoint',
      })
      const weight = snapshot.state.get('conv1.weight')!
      const state = new Map(snapshot.state).set('conv1.weight', {
        ...weight,
        data: weight.data.map((value, i) => (i === 7 ? Number.NaN : value)),
      })
      await expect(eventsOf(options(device, { from: { ...snapshot, state } }))).rejects.toMatchObject({
        code: 'bad-checkpoint',
        message: expect.stringContaining('Value 7 of conv1.weight in the checkpoint is NaN'),
      })
      const moments = new Map(
        [...snapshot.moments].map(([name, values]) => [
          name,
          values.map((value, i) => (name === 'optimizer.v' && i === 3 ? Number.NaN : value)),
        ]),
      )
      await expect(eventsOf(options(device, { from: { ...snapshot, moments } }))).rejects.toMatchObject({
        code: 'bad-checkpoint',
        message: "Value 3 of the checkpoint's optimizer.v is NaN.",
      })
      const model = { ...stripeModel('simple-conv'), classes: ['across', 'aslant', 'down'] }
      await expect(eventsOf(options(device, { from: snapshot, model }))).rejects.toMatchObject({
        code: 'bad-checkpoint',
        message: 'The checkpoint tells across, down, aslant apart but the model across, aslant, down.',
      })
      expect(device.counters.buffers).toBe(0)
    }))

  it.each<[string, LayerDescription[], string, string]>([
    [
      'two layers of one name, though neither learns',
      [layers.conv2d('a', 1, 3), layers.relu(), layers.conv2d('a', 1, 3), layers.flatten(), layers.dense('fc', 3)],
      'Two layers have the name a.',
      'bad-model',
    ],
    [
      'a layer and one inside a block of the same name',
      [
        layers.conv2d('a', 1, 3),
        { type: 'residual', body: [layers.conv2d('a', 1, 3)], shortcut: [] },
        layers.flatten(),
        layers.dense('fc', 3),
      ],
      'Two layers have the name a.',
      'bad-model',
    ],
    [
      'a layer without a name',
      [layers.flatten(), layers.dense('', 3)],
      'A layer with weights has an empty name.',
      'bad-model',
    ],
    [
      'a block that lies within itself',
      [within(), layers.flatten(), layers.dense('fc', 3)],
      'nest deeper than 64',
      'bad-model',
    ],
    [
      'weights that begin as no numbers',
      [layers.flatten(), layers.dense('fc', 3, { initial: Number.NaN })],
      'The model softmax does not work: layers[1].initial must be a number of at least 0 but is NaN.',
      'bad-model',
    ],
    [
      'a stride of nothing',
      [layers.conv2d('c', 4, 3, { stride: 0 }), layers.flatten(), layers.dense('fc', 3)],
      'layers[0].stride[0] must be a whole number',
      'bad-model',
    ],
    [
      'groups of nothing',
      [layers.conv2d('c', 4, 3, { groups: 0 }), layers.flatten(), layers.dense('fc', 3)],
      'layers[0].groups must be',
      'bad-model',
    ],
    [
      'groups that leave a rest',
      [layers.conv2d('c', 4, 3), layers.conv2d('d', 6, 3, { groups: 4 }), layers.flatten(), layers.dense('fc', 3)],
      'd.weight [3, 3, 1, 6] does not fit its input [12, 12, 12, 4]: with 4 groups',
      'shape-mismatch',
    ],
    [
      'a halving pool after a norm whose photo has one pixel',
      [
        layers.conv2d('c', 4, 12, { pad: 0 }),
        layers.batchNorm('bn'),
        layers.relu(),
        layers.maxPool(2),
        layers.flatten(),
        layers.dense('fc', 3),
      ],
      'Layer max-pool: A pool of 2 x 2 does not fit its input [12, 1, 1, 4].',
      'shape-mismatch',
    ],
    [
      'a pool whose padding holds windows',
      [
        { type: 'max-pool', size: [2, 3], stride: [1, 1], padding: [0, 2, 2, 0] },
        layers.flatten(),
        layers.dense('fc', 3),
      ],
      'Layer max-pool: A pool of 2 x 3 has the padding [0, 2, 2, 0]',
      'shape-mismatch',
    ],
  ])('%s', (_, layers, message, code) =>
    refused({ model: { ...stripeModel('softmax'), layers }, frozen: name => name.startsWith('a.') }, message, code),
  )

  it('a description of a newer version', () =>
    refused(
      { model: { ...stripeModel('softmax'), version: 2 as 1 } },
      'The model softmax does not work: its format is winnow-model and its version 2, but this Winnow reads winnow-model 1.',
      'bad-model',
    ))
})

/** A block whose body is the block. */
function within(): LayerDescription {
  const body: LayerDescription[] = []
  body.push({ type: 'residual', body, shortcut: [] })
  return body[0]!
}

describe('photos to predict', () => {
  it('are refused where they are not there, and none have no answers', () =>
    withDevice('cpu', async device => {
      const { model, state } = lastSnapshot(
        await eventsOf(options(device, { model: stripeModel('softmax'), epochs: 1 })),
      )
      await expect(predict(device, model, state, photos, rows(58, 62))).rejects.toMatchObject({
        code: 'bad-data',
        message: 'rows holds row 60 but there are only 60 photos.',
      })
      await expect(
        predict(device, model, state, { ...photos, images: photos.images.slice(0, 100) }, rows(0, 60)),
      ).rejects.toThrow('60 photos of 12 x 12 x 1 take 8640 bytes but there are 100.')
      expect(await predict(device, model, state, stripes(0), rows(0, 0))).toHaveLength(0)
      const often = Uint32Array.from({ length: 130 }, (_, i) => i % 60)
      const [once, twice] = [
        await predict(device, model, state, photos, rows(0, 60)),
        await predict(device, model, state, photos, often),
      ]
      expect(twice).toEqual(Float32Array.from({ length: 130 * 3 }, (_, i) => once[i % 180]!))
      expect(device.counters.buffers).toBe(0)
    }))
})

describe('numbers of optimizers and schedules', () => {
  it.each<[string, () => unknown]>([
    ['beta1 of adam is 1.', () => adam({ beta1: 1 })],
    ['epsilon of adam is -1.', () => adam({ epsilon: -1 })],
    ['clipNorm of sgd is NaN.', () => sgd({ clipNorm: Number.NaN })],
    ['clipNorm of adagrad is 0.', () => adagrad({ clipNorm: 0 })],
    ['momentum of sgd is 2.', () => sgd({ momentum: 2 })],
    ['alpha of rmsprop is 1.', () => rmsprop({ alpha: 1 })],
    ['weightDecay of adam is -0.1.', () => adam({ weightDecay: -0.1 })],
    ['emaDecay of withEma is 1.', () => withEma(adam(), 1)],
    ['The share of stepwise is 0.', () => stepwise(0, 0.1)],
    ['The share of warmUp is 2.', () => warmUp(2, constant)],
    ['The share of oneCycle is NaN.', () => oneCycle(Number.NaN)],
  ])('%s', (message, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'bad-argument', message }))
  })
})
