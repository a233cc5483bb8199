// A net whose answers are those for a photo and its mirror image together, on every device: held against the plain net
// asked twice.

import { describe, expect, it } from 'vitest'
import {
  createHeatMapper,
  decodeSnapshot,
  encodeSnapshot,
  predict,
  predictWithFeatures,
  type ModelDescription,
  type PhotoSet,
  type StateDict,
  layers,
} from '../../../src/core/index.ts'
import { readStateDict } from '../../../src/core/nn/state-dict.ts'
import { parseModelDescription } from '../../../src/core/nn/model-json.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { createEvaluator } from '../../../src/core/train/evaluation/evaluator.ts'
import { availableDevices, withDevice, type DeviceKind } from '../devices.ts'
import { units } from '../golden.ts'

const [height, width, channels, rows] = [6, 9, 3, 7]
const plain: ModelDescription = {
  format: 'winnow-model',
  version: 1,
  preset: 'test',
  input: { height, width, channels },
  normalise: { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.25] },
  classes: ['a', 'b', 'c'],
  layers: [
    layers.conv2d('conv', 5, 3),
    layers.batchNorm('bn'),
    layers.relu(),
    layers.maxPool(2),
    layers.flatten(),
    layers.dense('hidden', 8),
    layers.relu(),
    layers.dense('fc', 3),
  ],
}
const mirrored: ModelDescription = { ...plain, mirrored: true }
const every = Uint32Array.from({ length: rows }, (_, row) => row)
const images = Uint8Array.from(units('pixels', rows * height * width * channels), u => Math.floor(u * 256))
const set = (pixels: Uint8Array<ArrayBuffer>): PhotoSet => ({
  images: pixels,
  labels: new Uint32Array(rows),
  height,
  width,
  channels,
})

/** Left and right exchanged, pixel by pixel. */
function exchanged(pixels: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return pixels.map((_, i) => {
    const column = Math.floor(i / channels) % width
    return pixels[i + (width - 1 - 2 * column) * channels]!
  })
}

/** The same weights for every net of this shape. */
async function weightsOf(kind: DeviceKind): Promise<StateDict> {
  return withDevice(kind, async device => {
    const store = new Store(device, 3)
    const evaluator = await createEvaluator(device, store, plain, set(images))
    const state = await readStateDict(store, plain)
    evaluator.dispose()
    store.dispose()
    return new Map(
      [...state].map(([name, { shape, data }]) => [
        name,
        {
          shape,
          data: Float32Array.from(units(name, data.length), u => (name.endsWith('running_var') ? 0.5 + u : u - 0.5)),
        },
      ]),
    )
  })
}

describe.each(await availableDevices())('on %s', kind => {
  it('answers with the mean of the logits of both', async () => {
    const weights = await weightsOf(kind)
    await withDevice(kind, async device => {
      const [once, other] = [
        await predictWithFeatures(device, plain, weights, set(images), every),
        await predictWithFeatures(device, plain, weights, set(exchanged(images)), every),
      ]
      const both = await predictWithFeatures(device, mirrored, weights, set(images), every)
      for (const row of every) {
        const of = (values: Float32Array) => [...values.subarray(row * 3, row * 3 + 3)]
        const shares = of(once.probabilities).map((p, k) => Math.sqrt(p * of(other.probabilities)[k]!)) // the mean of logits, but for a common factor
        const sum = shares.reduce((a, b) => a + b, 0)
        of(both.probabilities).forEach((p, k) => expect(p).toBeCloseTo(shares[k]! / sum, 5))
      }
      both.features.forEach((value, i) => expect(value).toBeCloseTo((once.features[i]! + other.features[i]!) / 2, 4))
      expect(both.probabilities.some((p, i) => Math.abs(p - once.probabilities[i]!) > 1e-3)).toBe(true)
      const turned = await predict(device, mirrored, weights, set(exchanged(images)), every)
      turned.forEach((p, i) => expect(p).toBeCloseTo(both.probabilities[i]!, 5))
      const maps = await Promise.all(
        [plain, mirrored].map(async model => {
          const mapper = await createHeatMapper(device, model, weights)
          const map = await mapper.map(images.slice(0, height * width * channels), 1)
          mapper.dispose()
          return map
        }),
      )
      maps[1]!.probabilities.forEach((p, k) => expect(p).toBeCloseTo(both.probabilities[k]!, 5))
      expect(maps[1]!.heat).toEqual(maps[0]!.heat)
    })
  })
})

describe('a checkpoint', () => {
  it('keeps that the net is asked about mirror images, and takes no other word for it', () => {
    expect(parseModelDescription(JSON.stringify(mirrored))).toEqual(mirrored)
    expect(parseModelDescription(JSON.stringify(plain))).toEqual(plain)
    expect(() => parseModelDescription(JSON.stringify({ ...plain, mirrored: 'yes' }))).toThrow(
      'mirrored must be true or false but is "yes"',
    )
    const snapshot = {
      model: mirrored,
      state: new Map([['fc.bias', { shape: [3], data: new Float32Array(3) }]]),
      moments: new Map(),
      step: 1,
      progress: { rateFactor: 1, momentsFrom: 0, best: null, unmeasured: false },
    }
    expect(decodeSnapshot(encodeSnapshot(snapshot)).model).toEqual(mirrored)
  })
})
