// Training as a whole, on every device there is: it learns, repeats bit for bit, resumes exactly, streams what does not
// fit, splits a batch that does not fit (more of that in batch-fitting.test.ts), rolls back, and gives back all memory.

import { describe, expect, it } from 'vitest'
import {
  adam,
  withEma,
  constant,
  CoreError,
  decodeSnapshot,
  encodeSnapshot,
  mostProbable,
  predict,
  predictWithFeatures,
  score,
  sgd,
  train,
  type Device,
  type Snapshot,
  type StateDict,
  type TrainEvent,
  type TrainingOptions,
  layers,
} from '../../../src/core/index.ts'
import { availableDevices, withDevice } from '../devices.ts'
import { limited } from './limits.ts'
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

/** The device, gone at its `submit`-th submit from now. */
function losing(device: Device, submit: number): Device {
  let submits = 0
  return new Proxy(device, {
    get(target, name: keyof Device) {
      const value = target[name]
      if (name === 'run' && ++submits > submit)
        throw new CoreError('device-lost', 'The GPU stopped answering (pulled by the test).', 'Wait.')
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

// Generous, because a software GPU shares its cores with whatever else runs.
describe.each(await availableDevices())('on the %s device', kind => {
  it('learns to tell the stripes apart and returns every buffer', () =>
    withDevice(kind, async device => {
      const events = await eventsOf(options(device, { epochs: 6 }))
      expect(events.at(-1)).toMatchObject({ type: 'ended', state: 'done', epoch: 6, step: 24 })
      expect(events.findLast(event => event.type === 'evaluated')).toMatchObject({
        accuracy: 1,
        complete: true,
        photos: 12,
      })
      expect(device.counters).toMatchObject({ buffers: 0, bufferBytes: 0 })
    }))

  it('gives the same weights bit for bit when run again', () =>
    withDevice(kind, async device => {
      const [first, second] = [
        lastSnapshot(await eventsOf(options(device))),
        lastSnapshot(await eventsOf(options(device))),
      ]
      expect(second).toEqual(first)
    }))

  it('resumes exactly: stopped in the middle of an epoch and gone on equals never stopped', () =>
    withDevice(kind, async device => {
      const withDropout = {
        model: stripeModel('photo-convnet', 16),
        photos: stripes(60, 16),
        augmentation: { flip: { probability: 0.5 }, shift: { probability: 1, range: [-0.1, 0.1] as const } },
      }
      const whole = lastSnapshot(await eventsOf(options(device, withDropout)))
      const stop = new AbortController()
      const events = []
      for await (const event of train(options(device, withDropout), stop.signal)) {
        events.push(event)
        if (event.type === 'step' && event.step >= 5) stop.abort()
      }
      const middle = lastSnapshot(events)
      expect(middle.step).toBeGreaterThan(4)
      expect(middle.step).toBeLessThan(whole.step)
      expect(lastSnapshot(await eventsOf(options(device, { ...withDropout, from: middle })))).toEqual(whole)
    }))

  it('learns the same from photos that are streamed because they do not fit', () =>
    withDevice(kind, async device => {
      const streamed = await eventsOf(
        options(limited(device, photos.images.length - 1), { epochs: 1, model: stripeModel('softmax') }),
      )
      const resident = await eventsOf(options(device, { epochs: 1, model: stripeModel('softmax') }))
      expect(lastSnapshot(streamed)).toEqual(lastSnapshot(resident))
    }))

  it('cuts a batch that does not fit, says so, and ends up where the whole batch does', () =>
    withDevice(kind, async device => {
      const plain = {
        epochs: 2,
        optimizer: sgd({ momentum: 0.9 }),
        learningRate: 0.02,
        model: stripeModel('simple-conv', 24),
        photos: stripes(60, 24),
      }
      const whole = lastSnapshot(await eventsOf(options(device, plain)))
      const events = await eventsOf(options(limited(device, 12 * 24 * 24 * 16 * 4 - 1), plain))
      expect(events[1]).toMatchObject({ type: 'note', code: 'batch-split' })
      expect(events[0]).toMatchObject({ batch: 12, stepsPerEpoch: 4 })
      const parts = lastSnapshot(events)
      for (const [name, { data }] of whole.state) {
        data.forEach((value, i) => expect(parts.state.get(name)!.data[i]).toBeCloseTo(value, 4))
      }
    }))

  it('learns a batch in more parts than one submit may hold', () =>
    withDevice(kind, async device => {
      const model = {
        ...stripeModel('softmax'),
        layers: [layers.conv2d('conv', 16, 3), layers.relu(), layers.globalAveragePool(), layers.dense('fc', 3)],
      }
      const large = {
        model,
        photos: stripes(70),
        trainRows: rows(0, 64),
        validationRows: rows(64, 70),
        batchSize: 64,
        epochs: 2,
        optimizer: sgd(),
      }
      const whole = lastSnapshot(await eventsOf(options(device, large)))
      const events = await eventsOf(options(limited(device, 12 * 12 * 16 * 4 + 2_000), large))
      expect(events[1]).toMatchObject({ code: 'batch-split', message: expect.stringContaining('64 parts of 1') })
      const parts = lastSnapshot(events)
      for (const [name, { data }] of whole.state)
        data.forEach((value, i) => expect(parts.state.get(name)!.data[i]).toBeCloseTo(value, 4))
    }))

  it('holds the same buffers after 50 steps as after two epochs, and none after a stop or the loss of the device', () =>
    withDevice(kind, async device => {
      const held = (): unknown => ({
        buffers: device.counters.buffers,
        bytes: device.counters.bufferBytes,
        groups: device.counters.bindGroupsMade,
      })
      const long = { epochs: 13, optimizer: withEma(adam()), watchedRows: rows(48, 52) }
      let [epochs, after]: [number, unknown] = [0, undefined]
      for await (const event of train(options(device, long))) {
        if (event.type === 'evaluated') epochs++
        if (event.type === 'step' && epochs >= 2) expect(held()).toEqual((after ??= held()))
      }
      expect(after).toBeDefined()
      expect(device.counters).toMatchObject({ buffers: 0, bufferBytes: 0 })
      const stop = new AbortController()
      for await (const event of train(options(device, long), stop.signal)) if (event.type === 'step') stop.abort()
      expect(device.counters).toMatchObject({ buffers: 0, bufferBytes: 0 })
      await expect(eventsOf(options(losing(device, 9), long))).rejects.toMatchObject({ code: 'device-lost' })
      expect(device.counters).toMatchObject({ buffers: 0, bufferBytes: 0 })
      for await (const event of train(options(device, long))) if (event.type === 'step') break
      expect(device.counters).toMatchObject({ buffers: 0, bufferBytes: 0 })
    }))

  it('asks photos in stretches where the answers to all of them do not fit into one binding', () =>
    withDevice(kind, async device => {
      const many = stripes(400)
      const model = stripeModel('softmax')
      const order = rows(0, 400).map(row => (row * 7) % 400)
      const { state } = lastSnapshot(await eventsOf(options(device, { model, epochs: 1 })))
      const asked: number[] = []
      const small = new Proxy(limited(device, 2_000), {
        get(target, name: keyof Device) {
          if (name === 'createBuffers')
            return (requests: Parameters<Device['createBuffers']>[0]) => {
              asked.push(...requests.filter(({ label }) => !label.startsWith('data.')).map(({ bytes }) => bytes))
              return target.createBuffers(requests)
            }
          return target[name]
        },
      })
      const whole = await predictWithFeatures(device, model, state, many, order)
      const { probabilities, features } = await predictWithFeatures(small, model, state, many, order)
      expect(probabilities).toEqual(whole.probabilities)
      expect([features.length, whole.features.length > 0]).toEqual([0, true])
      expect(Math.max(...asked)).toBeLessThanOrEqual(6_000) // the weights, which no stretch makes smaller
      expect(asked.filter(bytes => bytes > 2_000)).toHaveLength(1)
    }))

  it('says when not even one photo fits', () =>
    withDevice(kind, async device => {
      await expect(eventsOf(options(limited(device, 1000)))).rejects.toMatchObject({ code: 'out-of-memory' })
      expect(device.counters.buffers).toBe(0)
    }))

  it('goes back to the last good weights when the loss is not a number, and gives up after three times', () =>
    withDevice(kind, async device => {
      const notes: unknown[] = []
      const run = (async () => {
        for await (const event of train(options(device, { learningRate: 1e30, optimizer: sgd(), precision: 'f32' })))
          if (event.type === 'note') notes.push([event.code, event.warning])
      })()
      await expect(run).rejects.toMatchObject({ code: 'diverged' })
      expect(notes).toEqual(Array.from({ length: 3 }, () => ['rolled-back', true]))
      expect(device.counters.buffers).toBe(0)
    }))
})

it('ends after so many steps, in the middle of an epoch, measured on everything', () =>
  withDevice('cpu', async device => {
    const events = await eventsOf(options(device, { steps: 6, validationSample: 5 }))
    expect(events[0]).toMatchObject({ type: 'started', steps: 6, epochs: 2, stepsPerEpoch: 4 })
    expect(events.at(-1)).toMatchObject({ type: 'ended', state: 'done', step: 6 })
    expect(events.filter(event => event.type === 'evaluated')).toMatchObject([
      { step: 4, photos: 5, complete: false },
      { step: 6, photos: 12, complete: true },
    ])
    expect(events.filter(event => event.type === 'margins').map(({ rows }) => rows.length)).toEqual([48, 24])
  }))

it('measures and hands out averaged weights, and goes on with the live ones', () =>
  withDevice('cpu', async device => {
    const events = await eventsOf(
      options(device, {
        model: stripeModel('photo-convnet', 16),
        photos: stripes(60, 16),
        optimizer: withEma(adam(), 0.9),
      }),
    )
    const { average, model, state } = lastSnapshot(events)
    const asked = async (weights: StateDict) =>
      score(await predict(device, model, weights, stripes(60, 16), rows(48, 60)), [...stripes(60, 16).labels.slice(48)])
    const { loss } = events.findLast(event => event.type === 'evaluated')!
    expect((await asked(average!)).loss).toBeCloseTo(loss, 6)
    expect((await asked(state)).loss).not.toBeCloseTo(loss, 6)
    const plain = lastSnapshot(
      await eventsOf(
        options(device, { model: stripeModel('photo-convnet', 16), photos: stripes(60, 16), optimizer: adam() }),
      ),
    )
    expect(state).toEqual(plain.state)
  }))

it('keeps a halved rate in the checkpoint, and goes on with it', () =>
  withDevice('cpu', async device => {
    const pushed = options(device, { learningRate: 1e30, optimizer: sgd() })
    const kept: Snapshot[] = []
    await expect(
      (async () => {
        for await (const event of train(pushed)) if (event.type === 'checkpoint') kept.push(event.snapshot)
      })(),
    ).rejects.toMatchObject({ code: 'diverged' })
    expect(kept.map(({ progress }) => progress.rateFactor)).toEqual([0.5, 0.25, 0.125])
    const events = await eventsOf(
      options(device, { learningRate: 0.008, schedule: constant, optimizer: sgd(), from: kept[1]! }),
    )
    expect(events.find(event => event.type === 'step')).toMatchObject({ rate: 0.002 })
  }))

it('goes back past an epoch whose last update broke the weights, and nothing of it is measured or kept', () =>
  withDevice('cpu', async device => {
    let broken = false
    const once = (step: number) => (step === 7 && !broken ? ((broken = true), 1e60) : 1)
    const events = await eventsOf(options(device, { schedule: once, optimizer: sgd() }))
    expect(events.filter(event => event.type === 'note')).toMatchObject([
      { code: 'rolled-back', step: 4, message: expect.stringMatching(/not a number after step 8/) },
    ])
    expect(events.flatMap(event => (event.type === 'evaluated' ? [event.step] : []))).toEqual([4, 8, 12])
    for (const event of events)
      if (event.type === 'checkpoint')
        for (const { data } of event.snapshot.state.values()) expect(data.every(Number.isFinite)).toBe(true)
    expect(lastSnapshot(events)).toMatchObject({ step: 12, progress: { rateFactor: 0.5 } })
  }))

it('goes back past an epoch after which the net answers no numbers, though its weights are some', () =>
  withDevice('cpu', async device => {
    let broken = false
    const once = (step: number) => (step === 7 && !broken ? ((broken = true), 1e30) : 1)
    const watchedRows = Uint32Array.of(48, 49)
    const events = await eventsOf(options(device, { schedule: once, optimizer: sgd(), watchedRows }))
    expect(events.filter(event => event.type === 'note')).toMatchObject([
      { code: 'rolled-back', step: 4, message: expect.stringMatching(/answers are not numbers after step 8/) },
    ])
    expect(events.flatMap(event => (event.type === 'evaluated' ? [event.step] : []))).toEqual([4, 8, 12])
    for (const event of events)
      if (event.type === 'predictions') expect(event.confidences.every(Number.isFinite)).toBe(true)
    expect(lastSnapshot(events)).toMatchObject({ step: 12, progress: { rateFactor: 0.5 } })
  }))

it('goes back to before a loss that stays high, however many epochs ago that was', () =>
  withDevice('cpu', async device => {
    const alike = { ...photos, images: photos.images.map(() => 100) } // nothing to learn, so a large rate stays wrong
    let isWild = true
    const events: TrainEvent[] = []
    for await (const event of train(
      options(device, {
        model: stripeModel('softmax'),
        photos: alike,
        optimizer: sgd(),
        schedule: step => (step >= 60 && isWild ? 1e4 : 1),
        epochs: 80,
      }),
    )) {
      events.push(event)
      if (event.type === 'note' && event.code === 'rolled-back') isWild = false
    }
    expect(events.flatMap(event => (event.type === 'note' ? [event.code] : []))).toEqual(['loss-spike', 'rolled-back'])
    const back = events.findIndex(event => event.type === 'note' && event.code === 'rolled-back')
    expect(events[back]).toMatchObject({
      step: 60,
      message: expect.stringContaining('above its usual level for 200 steps'),
    })
    expect(events[back - 1]).toMatchObject({
      type: 'checkpoint',
      kind: 'last',
      snapshot: { step: 60, progress: { rateFactor: 0.5 } },
    })
    const kept = events
      .slice(0, back)
      .flatMap(event =>
        event.type === 'checkpoint' && event.kind === 'last' && event.step > 56 ? [event.goodStep] : [],
      )
    expect(kept.length).toBeGreaterThan(40)
    expect(new Set(kept)).toEqual(new Set([60]))
    expect(events.at(-1)).toMatchObject({ type: 'ended', state: 'done', step: 320 })
  }))

it('does not go on with a checkpoint that lacks what the optimizer needs', () =>
  withDevice('cpu', async device => {
    const plain = lastSnapshot(await eventsOf(options(device, { epochs: 1 })))
    await expect(eventsOf(options(device, { from: plain, optimizer: withEma(adam()) }))).rejects.toMatchObject({
      code: 'bad-checkpoint',
      message: 'The checkpoint holds no optimizer.average.',
    })
    const forUse = { ...plain, moments: new Map<string, Float32Array<ArrayBuffer>>() }
    await expect(eventsOf(options(device, { from: forUse, optimizer: withEma(adam()) }))).rejects.toMatchObject({
      code: 'bad-checkpoint',
      message: 'The checkpoint holds no optimizer.average.',
    })
    expect(lastSnapshot(await eventsOf(options(device, { from: forUse, epochs: 2 }))).step).toBe(8)
  }))

it('counts the updates of an optimizer anew that goes on without its moments, also over a stop', () =>
  withDevice('cpu', async device => {
    const whole = { model: stripeModel('softmax'), batchSize: 48, optimizer: adam({ weightDecay: 0.01 }) } // one step an epoch: the order of the photos does not matter
    const { state, ...first } = lastSnapshot(await eventsOf(options(device, { ...whole, epochs: 4 })))
    const forUse = { ...first, state, moments: new Map<string, Float32Array<ArrayBuffer>>() }
    const gone = lastSnapshot(await eventsOf(options(device, { ...whole, epochs: 10, from: forUse })))
    const fresh = lastSnapshot(await eventsOf(options(device, { ...whole, epochs: 6, initial: { state } })))
    for (const [name, { data }] of fresh.state)
      data.forEach((value, i) => expect(gone.state.get(name)!.data[i]).toBeCloseTo(value, 5))
    const part = decodeSnapshot(
      encodeSnapshot(lastSnapshot(await eventsOf(options(device, { ...whole, epochs: 7, from: forUse })))),
    )
    expect(lastSnapshot(await eventsOf(options(device, { ...whole, epochs: 10, from: part })))).toEqual(gone)
  }))

it('weighs classes: with one class at 0 the net forgets it', () =>
  withDevice('cpu', async device => {
    const events = await eventsOf(options(device, { epochs: 6, classWeights: [1, 1, 0] }))
    const { state, model } = lastSnapshot(events)
    const probabilities = await predict(device, model, state, photos, rows(0, 60))
    expect(new Set(Array.from({ length: 60 }, (_, row) => mostProbable(probabilities, row, 3)))).toEqual(
      new Set([0, 1]),
    )
  }))

it.each([1, 3])('stops within the evaluation of epoch %i when told to, and goes on with it', epoch =>
  withDevice('cpu', async device => {
    const stop = new AbortController()
    let evaluations = 0
    const slow = new Proxy(device, {
      get(target, name: keyof Device) {
        if (name === 'finished')
          return async () => {
            if (evaluations === epoch - 1) stop.abort()
          }
        const value = target[name]
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const stopped: TrainEvent[] = []
    for await (const event of train(options(slow), stop.signal)) {
      stopped.push(event)
      if (event.type === 'evaluated') evaluations++
    }
    expect(stopped.filter(({ type }) => type === 'evaluated')).toHaveLength(epoch - 1)
    expect(stopped.at(-1)).toMatchObject({ type: 'ended', state: 'stopped', step: 4 * epoch })
    expect(stopped.at(-2)).toMatchObject({ type: 'checkpoint', kind: 'last', step: 4 * epoch })
    const told = (events: readonly TrainEvent[]) =>
      events
        .filter(event => event.type === 'evaluated' || event.type === 'checkpoint')
        .filter(event => event !== stopped.at(-2))
    const from = decodeSnapshot(encodeSnapshot(lastSnapshot(stopped)))
    expect(told([...stopped, ...(await eventsOf(options(device, { from })))])).toEqual(
      told(await eventsOf(options(device))),
    )
  }),
)

it('tells of a device lost within an evaluation once, and leaves no promise behind', () =>
  withDevice('cpu', async device => {
    let isLost = false
    const gone = new Proxy(device, {
      get(target, name: keyof Device) {
        if (name === 'finished')
          return async () => {
            await target.finished()
            if (isLost) throw new CoreError('device-lost', 'The GPU stopped answering (pulled by the test).', 'Wait.')
          }
        const value = target[name]
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const many = stripes(600)
    const model = stripeModel('softmax')
    const { state } = lastSnapshot(await eventsOf(options(device, { model, epochs: 1 })))
    const unhandled: unknown[] = []
    const hear = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', hear)
    isLost = true
    await expect(predict(gone, model, state, many, rows(0, 600))).rejects.toMatchObject({ code: 'device-lost' })
    await new Promise(resolve => setTimeout(resolve, 20))
    process.off('unhandledRejection', hear)
    expect(unhandled).toEqual([])
  }))

it('stops early when validation no longer improves, and says which epoch was best', () =>
  withDevice('cpu', async device => {
    const events = await eventsOf(options(device, { epochs: 30, patience: 2, learningRate: 0 }))
    expect(events.at(-1)).toMatchObject({ type: 'ended', state: 'done', epoch: 3 })
    expect(events.find(event => event.type === 'note')).toMatchObject({
      code: 'stopped-early',
      message: expect.stringContaining('those of epoch 1.'),
    })
  }))

it('keeps the surer of two equally right sets of weights', () =>
  withDevice('cpu', async device => {
    const events = await eventsOf(options(device, { epochs: 12 }))
    const evaluated = events.filter(event => event.type === 'evaluated')
    const right = evaluated.filter(({ accuracy }) => accuracy === 1)
    const surest = right.reduce((best, event) => (event.loss < best.loss ? event : best))
    expect(right.length).toBeGreaterThan(1)
    expect(events.findLast(event => event.type === 'checkpoint' && event.kind === 'best')).toMatchObject({
      epoch: surest.epoch,
    })
  }))

describe('frozen parameters', () => {
  const model = stripeModel('photo-convnet', 16)
  const backbone = (name: string) => !name.startsWith('fc')
  const set = { model, photos: stripes(60, 16), epochs: 1 }

  it('stay as they were, running statistics included, while the head learns', () =>
    withDevice('cpu', async device => {
      const before = lastSnapshot(await eventsOf(options(device, set)))
      const after = lastSnapshot(await eventsOf(options(device, { ...set, initial: before, frozen: backbone })))
      for (const [name, { data }] of before.state) {
        if (backbone(name)) expect(after.state.get(name)!.data).toEqual(data)
        else expect(after.state.get(name)!.data).not.toEqual(data)
      }
    }))

  it('stay as they were above layers that learn, which go on learning', () =>
    withDevice('cpu', async device => {
      const middle = (name: string) => /^(conv|bn)2/.test(name)
      const before = lastSnapshot(await eventsOf(options(device, set)))
      const after = lastSnapshot(await eventsOf(options(device, { ...set, initial: before, frozen: middle })))
      for (const [name, { data }] of before.state) {
        if (middle(name)) expect(after.state.get(name)!.data, name).toEqual(data)
        else expect(after.state.get(name)!.data, name).not.toEqual(data)
      }
    }))

  it('cost no backward pass', () =>
    withDevice('cpu', async device => {
      const [whole] = await eventsOf(options(device, set))
      const [head] = await eventsOf(options(device, { ...set, frozen: backbone }))
      expect((head as { callsPerStep: number }).callsPerStep).toBeLessThan(
        (whole as { callsPerStep: number }).callsPerStep / 2,
      )
    }))
})
