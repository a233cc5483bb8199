// How weights begin: what the description says, else what suits the layer that follows; and a description keeps it
// through a checkpoint.

import { describe, expect, it } from 'vitest'
import { createReferenceDevice, type LayerDescription } from '../../../src/core/index.ts'
import { parseModelDescription } from '../../../src/core/nn/model-json.ts'
import { forward } from '../../../src/core/nn/build.ts'
import { layers } from '../../../src/core/nn/layers.ts'
import { readStateDict } from '../../../src/core/nn/state-dict.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { describeModel } from '../io/models.ts'

/** Standard deviation of each layer's first weights. */
async function deviations(layers: readonly LayerDescription[]): Promise<Record<string, number>> {
  const model = describeModel(layers, 10)
  const trace = new Trace({ training: true })
  forward(model, trace.tensor([2, 8, 8, 3]))
  const store = new Store(createReferenceDevice(), 5)
  await store.allocate(trace)
  const weights = [...(await readStateDict(store, model))].filter(([name]) => name.endsWith('.weight'))
  return Object.fromEntries(
    weights.map(([name, { data }]) => [
      name.replace('.weight', ''),
      Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length),
    ]),
  )
}

const chosen: LayerDescription[] = [
  layers.conv2d('by hand', 64, 3, { initial: 0.05 }),
  layers.relu(),
  layers.conv2d('glorot', 32, 3, { initial: 'xavier', groups: 2 }),
  layers.activation('tanh'),
  layers.flatten(),
  layers.dense('he', 50, { initial: 'he' }),
  layers.relu(),
  layers.dense('logits', 10, { initial: 'xavier' }),
]

describe('weights', () => {
  it('begin as the description says', async () => {
    const found = await deviations(chosen)
    const wanted = {
      'by hand': 0.05,
      glorot: Math.sqrt(2 / (9 * 32 + 9 * 16)),
      he: Math.sqrt(2 / 2048),
      logits: Math.sqrt(2 / 60),
    }
    for (const [name, deviation] of Object.entries(wanted)) expect(found[name]! / deviation).toBeCloseTo(1, 1)
  })

  it('begin to suit what follows where nothing is said: a ReLU, a norm, the answer', async () => {
    const found = await deviations([
      layers.conv2d('relu', 64, 3),
      layers.relu(),
      layers.conv2d('norm', 64, 3),
      layers.batchNorm('bn'),
      layers.flatten(),
      layers.dense('answer', 10),
    ])
    const wanted = { relu: Math.sqrt(2 / 27), norm: 1 / Math.sqrt(3 * 9 * 64), answer: 0.01 }
    for (const [name, deviation] of Object.entries(wanted)) expect(found[name]! / deviation).toBeCloseTo(1, 1)
  })

  it('keep their beginning in the description of a checkpoint; another word is refused by its place', () => {
    const model = describeModel(chosen, 10)
    expect(parseModelDescription(JSON.stringify(model))).toEqual(model)
    expect(() => parseModelDescription(JSON.stringify(model).replace('"xavier"', '"lecun"'))).toThrow(
      'layers[2].initial must be a number',
    )
    expect(() => parseModelDescription(JSON.stringify(model).replace('0.05', '-1'))).toThrow('layers[0].initial')
  })
})
