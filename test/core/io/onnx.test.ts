// Every layer type, exported and run by ONNX Runtime, against plain loops; what the file says of itself; and what is
// refused.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantise } from '../../../src/core/io/onnx-weights.ts'
import { readOnnxMetadata } from '../../../src/core/io/onnx-metadata.ts'
import { encodeOnnx, encodeOnnxEnsemble } from '../../../src/core/io/onnx.ts'
import { openEngine } from '../../../src/main/export/model/engine.ts'
import { conv, layerCases } from './layer-cases.ts'
import { describeModel, makePixels, makeWeights } from './models.ts'
import { predictReference } from './reference.ts'

const options = { run: 'Run 3', appVersion: '0.1.0' }

describe('an exported model answers as the layers say', () => {
  it.each(Object.entries(layerCases))('%s', async (_name, { model, weights }) => {
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

describe('weights stored smaller', () => {
  const layers = [{ ...conv, filters: 32 }, { type: 'relu' as const }, { ...conv, name: 'second', filters: 32 }]
  const model = describeModel(
    [...layers, { type: 'global-average-pool' }, { type: 'dense', name: 'fc', units: 3, bias: true }],
    3,
  )
  const weights = makeWeights({
    'conv.weight': [32, 3, 3, 3],
    'conv.bias': [32],
    'second.weight': [32, 32, 3, 3],
    'second.bias': [32],
    'fc.weight': [3, 32],
    'fc.bias': [3],
  })
  const answersOf = async (file: Uint8Array<ArrayBuffer>) => {
    const engine = await openEngine(file)
    return [...(await engine.run(makePixels(4 * 192), 4).finally(() => engine.close()))]
  }

  it('answer nearly the same, from a file of half and a quarter of the size', async () => {
    const whole = encodeOnnx(model, weights, options)
    const half = encodeOnnx(model, weights, { ...options, weights: 'f16' })
    const quarter = encodeOnnx(model, weights, { ...options, weights: 'int8' })
    const expected = await answersOf(whole)
    const differences = [
      largestDifference(await answersOf(half), expected),
      largestDifference(await answersOf(quarter), expected),
    ]
    expect(differences[0]).toBeLessThan(1e-3)
    expect(differences[0]).toBeGreaterThan(0)
    expect(differences[1]).toBeLessThan(0.03)
    const about = 3000
    expect([half.length, quarter.length].map((size, i) => size - about < whole.length / [2, 4][i]!)).toEqual([
      true,
      true,
    ])
  })

  it('are whole steps of a scale per output channel', () => {
    const { steps, scales } = quantise(Float32Array.of(1, -0.5, 0, 0, 254, -254), 3)
    expect([...new Int8Array(steps.buffer)]).toEqual([127, -64, 0, 0, 127, -127])
    expect([...scales]).toEqual([Math.fround(1 / 127), 1, 2])
  })
})

describe('what a stranger needs', () => {
  it('stands in the file: input, output, and how photos become pixels, in words and as a program', () => {
    const { model, weights } = layerCases.convolution
    const preparation = { text: 'Photos lie on white.', python: 'def prepare(path):' }
    const text = Buffer.from(encodeOnnx(model, weights, { ...options, preparation })).toString('latin1')
    for (const words of ['u8 [N, 8, 8, 3], RGB', 'preparation.py', 'def prepare(path):', 'channel_order'])
      expect(text).toContain(words)
    expect(text.split('Photos lie on white.')).toHaveLength(3)
  })
})

describe('an ensemble in one file', () => {
  const nets = [1, 2, 3].map(seed => ({
    model: {
      ...layerCases['group norm'].model,
      normalise: { mean: [0.1 * seed, 0.4, 0.4], std: [0.2, 0.2, 0.1 + 0.1 * seed] },
    },
    weights: makeWeights(
      Object.fromEntries([...layerCases['group norm'].weights].map(([name, { shape }]) => [name, shape])),
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
  const { model, weights } = layerCases.convolution
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
    const other = new Uint8Array(Buffer.from(text.replaceAll('long side to size', 'fair side to size'), 'latin1'))
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
  const { model, weights } = layerCases.convolution

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
