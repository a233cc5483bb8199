// Every layer type, exported and run by ONNX Runtime, against plain loops; what the file says of itself; and what is
// refused.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readOnnxMetadata } from '../../../src/core/io/onnx-metadata.ts'
import { encodeOnnx, encodeOnnxEnsemble } from '../../../src/core/io/onnx.ts'
import type { Conv2dDescription, LayerDescription } from '../../../src/core/nn/description.ts'
import { openEngine } from '../../../src/main/export/engine.ts'
import { describeModel, makePixels, makeWeights } from './models.ts'
import { predictReference } from './reference.ts'

type Shapes = Record<string, readonly number[]>

const conv: Conv2dDescription = {
  type: 'conv2d',
  name: 'conv',
  filters: 4,
  kernel: [3, 3],
  stride: [1, 1],
  padding: [1, 1, 1, 1],
  dilation: [1, 1],
  groups: 1,
  bias: true,
}
const convShapes: Shapes = { 'conv.weight': [4, 3, 3, 3], 'conv.bias': [4] }
const options = { run: 'Run 3', appVersion: '0.1.0' }

/** `layers` between nothing and a dense layer of three classes; `flat` is the number of values that reach it. */
function closed(layers: readonly LayerDescription[], flat: number, shapes: Shapes) {
  const model = describeModel([...layers, { type: 'flatten' }, { type: 'dense', name: 'fc', units: 3, bias: true }], 3)
  return { model, weights: makeWeights({ ...shapes, 'fc.weight': [3, flat], 'fc.bias': [3] }) }
}

const activation = (type: 'relu' | 'leaky-relu' | 'gelu' | 'silu' | 'sigmoid' | 'tanh') =>
  closed([conv, { type }], 256, convShapes)
const batchNormShapes = { 'norm.weight': [4], 'norm.bias': [4], 'norm.running_mean': [4], 'norm.running_var': [4] }

const cases = {
  'dense without bias': {
    model: describeModel([{ type: 'flatten' }, { type: 'dense', name: 'fc', units: 3, bias: false }], 3),
    weights: makeWeights({ 'fc.weight': [3, 192] }),
  },
  convolution: closed([conv], 256, convShapes),
  'convolution with uneven padding, stride and no bias': closed(
    [{ ...conv, kernel: [3, 2], padding: [0, 1, 2, 0], stride: [2, 1], bias: false }],
    4 * 4 * 8,
    { 'conv.weight': [4, 3, 3, 2] },
  ),
  'convolution with dilation': closed([{ ...conv, dilation: [2, 3], padding: [2, 3, 2, 3] }], 256, convShapes),
  'convolution in groups': closed([{ ...conv, filters: 6, groups: 3 }], 384, {
    'conv.weight': [6, 1, 3, 3],
    'conv.bias': [6],
  }),
  'batch norm': closed([conv, { type: 'batch-norm', name: 'norm', epsilon: 1e-3, momentum: 0.1 }], 256, {
    ...convShapes,
    ...batchNormShapes,
  }),
  'group norm': closed([conv, { type: 'group-norm', name: 'norm', groups: 2, epsilon: 1e-3 }], 256, {
    ...convShapes,
    'norm.weight': [4],
    'norm.bias': [4],
  }),
  'layer norm of an image': closed([conv, { type: 'layer-norm', name: 'norm', epsilon: 1e-3 }], 256, {
    ...convShapes,
    'norm.weight': [4],
    'norm.bias': [4],
  }),
  'layer norm of values': closed(
    [conv, { type: 'global-average-pool' }, { type: 'layer-norm', name: 'norm', epsilon: 1e-3 }],
    4,
    { ...convShapes, 'norm.weight': [4], 'norm.bias': [4] },
  ),
  'group norm in a row': closed(
    [{ type: 'flatten' }, { type: 'group-norm', name: 'gn', groups: 6, epsilon: 1e-3 }],
    192,
    { 'gn.weight': [192], 'gn.bias': [192] },
  ),
  'maximum pool with padding': closed(
    [conv, { type: 'max-pool', size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] }],
    64,
    convShapes,
  ),
  'average pool with uneven padding': closed(
    [conv, { type: 'average-pool', size: [3, 2], stride: [2, 2], padding: [1, 0, 0, 1] }],
    4 * 4 * 4,
    convShapes,
  ),
  'global average pool': closed([conv, { type: 'global-average-pool' }], 4, convShapes),
  relu: activation('relu'),
  'leaky relu': activation('leaky-relu'),
  gelu: activation('gelu'),
  silu: activation('silu'),
  sigmoid: activation('sigmoid'),
  tanh: activation('tanh'),
  'dropout does nothing': closed([{ type: 'dropout', rate: 0.5 }], 192, {}),
  'residual with itself': closed([conv, { type: 'residual', body: [{ type: 'tanh' }], shortcut: [] }], 256, convShapes),
  'residual with a projection': closed(
    [
      {
        type: 'residual',
        body: [conv, { type: 'relu' }],
        shortcut: [{ ...conv, name: 'short', kernel: [1, 1], padding: [0, 0, 0, 0], bias: false }],
      },
    ],
    256,
    { ...convShapes, 'short.weight': [4, 3, 1, 1] },
  ),
  concat: closed([{ type: 'concat', branches: [[conv], [], [{ type: 'sigmoid' }]] }], 10 * 64, convShapes),
  'one channel': {
    model: describeModel([{ type: 'flatten' }, { type: 'dense', name: 'fc', units: 2, bias: true }], 2, {
      height: 5,
      width: 7,
      channels: 1,
    }),
    weights: makeWeights({ 'fc.weight': [2, 35], 'fc.bias': [2] }),
  },
}

describe('an exported model answers as the layers say', () => {
  it.each(Object.entries(cases))('%s', async (_name, { model, weights }) => {
    const engine = await openEngine(encodeOnnx(model, weights, options))
    const { height, width, channels } = model.input
    const size = height * width * channels
    const pixels = makePixels(3 * size)
    const answer = await engine.run(pixels, 3)
    await engine.close()
    const expected = [0, 1, 2].flatMap(i => predictReference(model, weights, pixels.subarray(i * size, (i + 1) * size)))
    expect(largestDifference(answer, expected)).toBeLessThan(2e-5)
    expect(
      largestDifference(
        answer.subarray(0, answer.length / 3),
        answer.subarray(answer.length / 3, (2 * answer.length) / 3),
      ),
    ).toBeGreaterThan(1e-4)
  })
})

describe('an ensemble in one file', () => {
  const nets = [1, 2, 3].map(seed => ({
    model: {
      ...cases['group norm'].model,
      normalise: { mean: [0.1 * seed, 0.4, 0.4], std: [0.2, 0.2, 0.1 + 0.1 * seed] },
    },
    weights: makeWeights(
      Object.fromEntries([...cases['group norm'].weights].map(([name, { shape }]) => [name, shape])),
      seed,
    ),
  }))

  it('answers with the mean of what each net says with its own weights and normalisation', async () => {
    const file = encodeOnnxEnsemble(nets, options)
    expect(readOnnxMetadata(file)).toMatchObject({ nets: 3, labels: nets[0]!.model.classes })
    const engine = await openEngine(file)
    const pixels = makePixels(2 * 192)
    const answer = await engine.run(pixels, 2)
    await engine.close()
    const alone = nets.map(({ model, weights }) =>
      [0, 1].flatMap(i => predictReference(model, weights, pixels.subarray(i * 192, (i + 1) * 192))),
    )
    expect(
      largestDifference(
        answer,
        alone[0]!.map((_, i) => (alone[0]![i]! + alone[1]![i]! + alone[2]![i]!) / 3),
      ),
    ).toBeLessThan(2e-5)
    expect(largestDifference(alone[0]!, alone[1]!), 'the nets differ').toBeGreaterThan(0.01)
  })

  it('needs nets that belong together', () => {
    expect(() => encodeOnnxEnsemble([], options)).toThrow(/no net/)
    expect(() =>
      encodeOnnxEnsemble([nets[0]!, { ...nets[1]!, model: { ...nets[1]!.model, classes: ['a', 'b', 'c'] } }], options),
    ).toThrow(/another for 8 x 8 x 3, a, b, c/)
  })
})

describe('what the file says of itself', () => {
  const { model, weights } = cases.convolution
  const file = encodeOnnx(model, weights, options)

  it('carries labels, input size, resize rule and names', () => {
    expect(readOnnxMetadata(file)).toEqual({
      labels: ['class 0', 'class 1', 'class 2'],
      height: 8,
      width: 8,
      channels: 3,
      fit: 'squash',
      temperature: 1,
      unknownBelow: 0,
      nets: 1,
      preset: 'made-up',
      run: 'Run 3',
      appVersion: '0.1.0',
    })
  })

  it('says in words how photos become squares, and refuses words it does not know', () => {
    const between = encodeOnnx(model, weights, { ...options, fit: 'letterbox' })
    expect(readOnnxMetadata(between).fit).toBe('letterbox')
    const text = Buffer.from(between).toString('latin1')
    expect(text).toContain('long side to size, centred on size x size of grey 127, sRGB, oriented')
    const other = new Uint8Array(Buffer.from(text.replace('long side to size', 'fair side to size'), 'latin1'))
    expect(() => readOnnxMetadata(other)).toThrow(/rule that this version does not know: "fair side/)
  })

  it('keeps the temperature, and refuses one that is none', () => {
    expect(readOnnxMetadata(encodeOnnx(model, weights, { ...options, temperature: 1.37 })).temperature).toBe(1.37)
    expect(() => readOnnxMetadata(encodeOnnx(model, weights, { ...options, temperature: -1 }))).toThrow(
      /temperature is "-1"/,
    )
    expect(readOnnxMetadata(encodeOnnx(model, weights, { ...options, unknownBelow: 0.6 })).unknownBelow).toBe(0.6)
    expect(() => readOnnxMetadata(encodeOnnx(model, weights, { ...options, unknownBelow: 2 }))).toThrow(
      /threshold for "unknown" is "2"/,
    )
  })

  it('keeps labels in any script', () => {
    const labels = ['강아지', '"quoted", comma', '']
    expect(readOnnxMetadata(encodeOnnx({ ...model, classes: labels }, weights, options)).labels).toEqual(labels)
  })

  it('refuses damaged and foreign files with its own error only', () => {
    expect(() => readOnnxMetadata(new Uint8Array(0))).toThrow(/not exported by Winnow.*labels|channels/)
    expect(() => readOnnxMetadata(new TextEncoder().encode('not a model at all'))).toThrow(/ONNX/)
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, cut) => {
        const damaged = file.slice(0, cut ? at + 1 : file.length)
        damaged[at] = damaged[at]! ^ flip
        try {
          readOnnxMetadata(damaged)
        } catch (error) {
          expect(error).toMatchObject({ name: 'CoreError', code: 'bad-model' })
        }
      }),
    )
  })
})

describe('what is not exported', () => {
  const { model, weights } = cases.convolution

  it.each<[string, () => void, RegExp]>([
    [
      'a missing weight',
      () => encodeOnnx(model, new Map([...weights].filter(([name]) => name !== 'fc.bias')), options),
      /hold no fc\.bias/,
    ],
    [
      'a weight of another shape',
      () => encodeOnnx(model, new Map([...weights, ['fc.bias', { shape: [4], data: new Float32Array(4) }]]), options),
      /fc\.bias has the shape \[4\].*\[3\]/,
    ],
    [
      'fewer logits than classes',
      () => encodeOnnx({ ...model, classes: ['a', 'b'] }, weights, options),
      /ends in 3 values but has 2 classes/,
    ],
    [
      'a dense layer on an image',
      () => encodeOnnx(describeModel([{ type: 'dense', name: 'fc', units: 3, bias: true }], 3), weights, options),
      /fc needs \[N, F\].*3 x 8 x 8/,
    ],
    [
      'groups that leave a rest',
      () => encodeOnnx(describeModel([{ type: 'group-norm', name: 'gn', groups: 2, epsilon: 0 }], 3), weights, options),
      /splits 3 channels into 2 groups/,
    ],
    [
      'a residual whose ways differ',
      () => encodeOnnx(describeModel([{ type: 'residual', body: [conv], shortcut: [] }], 3), weights, options),
      /4 x 8 x 8.*3 x 8 x 8/,
    ],
    [
      'a window larger than the image',
      () =>
        encodeOnnx(
          describeModel([{ type: 'max-pool', size: [9, 1], stride: [1, 1], padding: [0, 0, 0, 0] }], 3),
          weights,
          options,
        ),
      /9 x 1.*8 x 8/,
    ],
  ])('%s', (_name, encode, message) => expect(encode).toThrow(message))
})

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}
