// A batch of the evaluation is no larger than the rows asked for, on every device, and answers do not depend on it.

import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Device } from '../../../src/core/device.ts'
import { describePreset } from '../../../src/core/nn/presets.ts'
import { createReferenceDevice } from '../../../src/core/cpu/reference-device.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { createEvaluator } from '../../../src/core/train/evaluation/evaluator.ts'
import { predict } from '../../../src/core/train/evaluation/predict.ts'
import { readStateDict } from '../../../src/core/nn/state-dict.ts'
import { openWasmDevice } from '../devices.ts'

const count = 300
const model = describePreset('simple-conv', {
  height: 8,
  width: 8,
  channels: 1,
  classes: ['a', 'b', 'c'],
  normalise: { mean: [0.5], std: [0.25] },
})
const photos = {
  images: Uint8Array.from({ length: count * 64 }, (_, i) => (i * 7919) % 251),
  labels: new Uint32Array(count),
  height: 8,
  width: 8,
  channels: 1,
}

/** Batches of the plans that `device` prepared, read from the first calls: those that gather photos. */
function batchesOf(device: Device): number[] {
  const batches: number[] = []
  const { prepare } = device
  vi.spyOn(device, 'prepare').mockImplementation(calls => {
    const gather = calls.find(({ kernel }) => kernel.name === 'gather-batch')
    if (gather) batches.push(gather.constants['N'] as number)
    return prepare.call(device, calls)
  })
  return batches
}

afterEach(() => vi.restoreAllMocks())

describe.each(['reference', 'WebAssembly'])('the evaluation on the %s device', kind => {
  it('computes as many photos at a time as are asked for, at most', async () => {
    const device = kind === 'reference' ? createReferenceDevice() : await openWasmDevice()
    const batches = batchesOf(device)
    const store = new Store(device, 1)
    const evaluator = await createEvaluator(device, store, model, photos)
    const all = (await evaluator.probabilities(Uint32Array.from({ length: count }, (_, i) => i)))!
    const one = (await evaluator.probabilities(Uint32Array.of(7)))!
    const eight = (await evaluator.probabilities(Uint32Array.from({ length: 8 }, (_, i) => i * 9)))!
    expect(batches).toEqual([150, 1, 8])
    expect([...one]).toEqual([...all.subarray(21, 24)])
    expect([...eight.subarray(21)]).toEqual([...all.subarray(63 * 3, 64 * 3)])
    const state = await readStateDict(store, model)
    evaluator.dispose()
    expect(await predict(device, model, state, photos, Uint32Array.of(7))).toEqual(one)
    expect(batches.at(-1)).toBe(1)
    store.dispose()
    expect(device.counters.buffers).toBe(0)
    device.destroy()
  })
})
