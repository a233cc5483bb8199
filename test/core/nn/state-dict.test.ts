// Weights travel to PyTorch's layout and back without losing a bit, and a foreign state dict is refused by name.

import { describe, expect, it } from 'vitest'
import { createReferenceDevice, type Device, type StateDict } from '../../../src/core/index.ts'
import { forward } from '../../../src/core/nn/build.ts'
import type { LayerDescription, ModelDescription } from '../../../src/core/nn/description.ts'
import { layers } from '../../../src/core/nn/layers.ts'
import { readStateDict, writeStateDict } from '../../../src/core/nn/state-dict.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { takeSnapshot } from '../../../src/core/train/snapshot.ts'
import { units } from '../golden.ts'

const net: LayerDescription[] = [
  layers.conv2d('conv1', 6, 3, { stride: 2 }),
  layers.batchNorm('bn1'),
  layers.groupNorm('gn', 3),
  layers.concat([layers.conv2d('a', 3, 1)], [layers.conv2d('b', 6, 3, { groups: 3, bias: false })]),
  layers.maxPool(2),
  layers.flatten(),
  layers.layerNorm('ln'),
  layers.dense('fc1', 7),
  layers.dense('fc2', 2),
]
const model: ModelDescription = {
  format: 'winnow-model',
  version: 1,
  preset: 'test',
  input: { height: 8, width: 12, channels: 3 },
  normalise: { mean: [0, 0, 0], std: [1, 1, 1] },
  classes: ['a', 'b'],
  layers: net,
}

async function storeOf(device = createReferenceDevice()): Promise<Store> {
  const trace = new Trace({ training: true })
  forward(model, trace.tensor([2, 8, 12, 3]))
  const store = new Store(device, 1)
  await store.allocate(trace)
  return store
}

const random = (like: StateDict): StateDict =>
  new Map(
    [...like].map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(units(name, data.length)) }]),
  )

/** A CPU device whose readbacks take a turn of the event loop, and how often one began while no other was under way. */
function slowToRead() {
  const [waits, device] = [{ count: 0, open: 0 }, createReferenceDevice()]
  const slow = new Proxy(device, {
    get(target, name: keyof Device) {
      if (name !== 'read')
        return typeof target[name] === 'function' ? (target[name] as () => unknown).bind(target) : target[name]
      return async (...args: Parameters<Device['read']>) => {
        if (waits.open++ === 0) waits.count++
        await new Promise(resolve => setImmediate(resolve))
        waits.open--
        return target.read(...args)
      }
    },
  })
  return { waits, device: slow }
}

describe('state dict', () => {
  it('is read in one wait for the device, however many tensors there are', async () => {
    const { waits, device } = slowToRead()
    const store = await storeOf(device)
    await readStateDict(store, model)
    expect(waits.count).toBe(1)
    await takeSnapshot(store, model, ['bn1.running_mean', 'bn1.running_var'], 0, {
      rateFactor: 1,
      momentsFrom: 0,
      best: null,
      unmeasured: false,
    })
    expect(waits.count).toBe(2)
  })

  it('goes there and back', async () => {
    const store = await storeOf()
    const state = random(await readStateDict(store, model))
    writeStateDict(store, model, state)
    expect(await readStateDict(store, model)).toEqual(state)
    expect(state.get('conv1.weight')!.shape).toEqual([6, 3, 3, 3])
    expect(state.get('b.weight')!.shape).toEqual([6, 2, 3, 3])
    expect(state.get('fc1.weight')!.shape).toEqual([7, 54])
    expect(state.has('bn1.running_var')).toBe(true)
  })

  it('lays filters out as R S C K', async () => {
    const store = await storeOf()
    const state = random(await readStateDict(store, model))
    writeStateDict(store, model, state)
    const [k, c, r, s] = [4, 1, 2, 0]
    expect((await store.read('conv1.weight'))[((r * 3 + s) * 3 + c) * 6 + k]).toBe(
      state.get('conv1.weight')!.data[((k * 3 + c) * 3 + r) * 3 + s],
    )
  })

  it('names what is missing or does not fit', async () => {
    const store = await storeOf()
    const state = await readStateDict(store, model)
    expect(() => writeStateDict(store, model, new Map([...state].filter(([name]) => name !== 'a.bias')))).toThrow(
      'The checkpoint holds no a.bias.',
    )
    const wrong = new Map([...state, ['a.bias', { shape: [4], data: new Float32Array(4) }] as const])
    expect(() => writeStateDict(store, model, wrong)).toThrow('a.bias is [4] in the checkpoint but [3] in the model.')
    const short = new Map([...state, ['a.bias', { shape: [3], data: new Float32Array(2) }] as const])
    expect(() => writeStateDict(store, model, short)).toThrow(
      'a.bias has 2 values in the checkpoint but its shape needs 3.',
    )
  })

  it.each<[string, LayerDescription[], string]>([
    [
      'groups of a flattened photo',
      [layers.flatten(), layers.groupNorm('gn', 2), layers.dense('fc', 2)],
      'gn splits a flattened photo into 2 groups',
    ],
    [
      'a flattened photo added to other values',
      [layers.conv2d('c', 1, 1), layers.flatten(), layers.residual([layers.dense('d', 96)]), layers.dense('fc', 2)],
      'A residual adds a flattened photo',
    ],
  ])('refuses %s, which PyTorch counts in another order', async (_, others, message) => {
    const store = await storeOf()
    await expect(readStateDict(store, { ...model, layers: others })).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining(message),
    })
  })
})
