// A plan makes everything before the first step: while steps run, no buffer, bind group or readback is made. Stores and
// tapes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReferenceDevice, type Device } from '../../../src/core/index.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { ones, zeros } from '../../../src/core/nn/initialisers.ts'
import { add } from '../../../src/core/ops/add.ts'
import { relu } from '../../../src/core/ops/relu.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { availableDevices, openDevice } from '../devices.ts'
import { tinySettings, tinyTraining } from '../train/tiny.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'

describe('plan', () => {
  let devices: Device[] = []
  beforeAll(async () => {
    devices = await Promise.all((await availableDevices()).map(openDevice))
  })
  afterAll(() => devices.forEach(device => device.destroy()))

  it('replays a training step with one submit and makes nothing', async () => {
    for (const device of devices) {
      const settings = tinySettings(device)
      const feed = new DataLoader(settings.photos, settings.batchSize, device)
      const store = new Store(device, 1)
      const before = { ...device.counters }
      const plan = await compile(device, traceTrainingStep(settings, feed), store)
      feed.setOrder(store, 'train', settings.trainRows)
      const ready = { ...device.counters }
      for (let step = 0; step < 50; step++) plan.run({ ...zeroStep, step, batchCount: settings.batchSize, rate: 0.1 })
      await device.finished()
      expect(device.counters).toEqual({
        ...ready,
        submits: ready.submits + 50,
        dispatches: ready.dispatches + 50 * plan.calls,
      })
      plan.run(zeroStep, { ...zeroStep, step: 1 }, { ...zeroStep, step: 2 })
      expect(device.counters.submits - ready.submits, 'several steps are one submit too').toBe(51)
      plan.dispose()
      store.dispose()
      expect(device.counters).toMatchObject({ buffers: before.buffers, bufferBytes: before.bufferBytes })
    }
  })

  it('gives all memory back after a training, and after one that was stopped', async () => {
    for (const device of devices) {
      const { buffers, bufferBytes } = device.counters
      await tinyTraining(device)
      await tinyTraining(device, { stopAfter: 2 })
      expect(device.counters).toMatchObject({ buffers, bufferBytes })
    }
  })
})

describe('store', () => {
  const withTrace = (build: (trace: Trace) => void) => {
    const trace = new Trace({ training: true })
    build(trace)
    return trace
  }

  it('fills each parameter from the seed and its own name alone', async () => {
    const random = (values: { [i: number]: number }, seed: number, key: number) =>
      void (values[0] = (seed ^ key) & 0xffff)
    const read = async (names: readonly string[], seed: number) => {
      const store = new Store(createReferenceDevice(), seed)
      await store.allocate(
        withTrace(trace => names.forEach(name => trace.parameter(name, [3], random, { decay: true }))),
      )
      return store.readParameters()
    }
    const [both, alone, other] = [await read(['a', 'b'], 1), await read(['b'], 1), await read(['b'], 2)]
    expect(both.get('b')).toEqual(alone.get('b'))
    expect(both.get('b')).not.toEqual(both.get('a'))
    expect(other.get('b')).not.toEqual(alone.get('b'))
  })

  it('lies flat at multiples of 64 and reads back by name', async () => {
    const store = new Store(createReferenceDevice(), 1)
    const trace = withTrace(t => {
      t.parameter('a', [3], ones, { decay: true })
      t.parameter('b', [65], zeros, { decay: true })
      t.parameter('c', [2], ones, { decay: true })
    })
    await store.allocate(trace)
    expect([...store.names().values()].map(({ offset }) => offset)).toEqual([0, 64, 192])
    store.write(
      'b',
      Float32Array.from({ length: 65 }, (_, i) => i),
    )
    expect(await store.read('b', 63, 2)).toEqual(new Float32Array([63, 64]))
    expect(await store.read('c')).toEqual(new Float32Array([1, 1]))
    expect((await store.readParameters()).get('a')).toEqual(new Float32Array([1, 1, 1]))
  })

  it('says when two plans disagree, or a name is unknown', async () => {
    const store = new Store(createReferenceDevice(), 1)
    await store.allocate(
      withTrace(trace => {
        trace.parameter('w', [2, 3], ones, { decay: true })
        trace.state('s', [4], 'f32')
      }),
    )
    await expect(
      store.allocate(
        withTrace(trace => {
          trace.parameter('w', [3, 2], ones, { decay: true })
        }),
      ),
    ).rejects.toThrow('w is [2, 3] in the model but [3, 2] in this plan.')
    await expect(
      store.allocate(
        withTrace(trace => {
          trace.parameter('v', [1], ones, { decay: true })
        }),
      ),
    ).rejects.toThrow('v is absent in the model')
    await expect(
      store.allocate(
        withTrace(trace => {
          trace.state('s', [5], 'f32')
        }),
      ),
    ).rejects.toThrow('s is [4] in the model but [5] in this plan.')
    await expect(store.read('nothing')).rejects.toThrow('There is no parameter or state named nothing.')
  })
})

describe('tape', () => {
  it('knows what a gradient is of use for', () => {
    const trace = new Trace({ training: true, frozen: name => name === 'kept' })
    const [batch, kept, w] = [
      trace.tensor([2]),
      trace.parameter('kept', [2], ones, { decay: true }),
      trace.parameter('w', [2], ones, { decay: true }),
    ]
    const answers = [batch, relu(batch), kept, relu(kept), w, relu(w), add(relu(batch), relu(w))].map(x =>
      trace.needsGradient(x),
    )
    expect(answers).toEqual([false, false, false, false, true, true, true])
  })

  it('records nothing outside training', () => {
    const trace = new Trace({ training: false })
    const y = relu(trace.tensor([2]))
    const calls = trace.calls.length
    trace.backward(y)
    expect(trace.calls).toHaveLength(calls)
  })

  it('leaves out what the loss does not depend on', () => {
    const trace = new Trace({ training: true })
    const x = relu(trace.parameter('w', [2], ones, { decay: true }))
    relu(x)
    const loss = relu(add(x, x))
    const calls = trace.calls.length
    trace.backward(loss)
    expect(trace.calls.slice(calls).map(({ kernel }) => kernel.name)).toEqual(['relu-backward', 'add', 'relu-backward'])
  })

  it('refuses a parameter that is used twice', () => {
    const trace = new Trace({ training: true })
    const w = trace.parameter('w', [2], ones, { decay: true })
    const loss = add(w, w)
    expect(() => trace.backward(loss)).toThrow('The parameter w is used twice.')
  })
})
