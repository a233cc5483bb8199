// What is done where the device has little room: sets are streamed, photos looked at fewer at a time, batches cut and
// that said.

import { expect, it } from 'vitest'
import { CoreError, predict, type Device, type TrainingOptions, layers } from '../../../src/core/index.ts'
import { withDevice } from '../devices.ts'
import { limited, withRoom } from './limits.ts'
import { eventsOf, lastSnapshot, rows, stripeModel, stripes } from './stripes.ts'

function options(device: Device, change: Partial<TrainingOptions> = {}): TrainingOptions {
  return {
    device,
    model: stripeModel('simple-conv'),
    photos: stripes(60),
    trainRows: rows(0, 48),
    validationRows: rows(48, 60),
    epochs: 3,
    batchSize: 12,
    learningRate: 0.003,
    seed: 7,
    ...change,
  }
}

it.each([
  ['lie on the device', {}],
  ['are streamed', { maxResidentBytes: 1_000 }],
])('looks at fewer photos at a time where the device has no room for more, though they %s', (_, info) =>
  withDevice('cpu', async device => {
    const small = new Proxy(device, {
      get(target, name: keyof Device) {
        if (name === 'info') return { ...target.info, ...info }
        if (name === 'createBuffers')
          return async (requests: Parameters<Device['createBuffers']>[0]) => {
            if (requests.some(({ bytes }) => bytes > 200_000))
              throw new CoreError('out-of-memory', 'The GPU has no room (said by the test).', 'Choose a smaller batch.')
            return target.createBuffers(requests)
          }
        const value = target[name]
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const model = {
      ...stripeModel('softmax'),
      layers: [layers.conv2d('conv', 16, 3), layers.relu(), layers.globalAveragePool(), layers.dense('fc', 3)],
    }
    const [whole, fewer] = [await eventsOf(options(device, { model })), await eventsOf(options(small, { model }))]
    expect(fewer.filter(({ type }) => type === 'evaluated')).toEqual(whole.filter(({ type }) => type === 'evaluated'))
    expect(device.counters.buffers).toBe(0)
  }),
)

it('streams a set for which the device has no room, rather than cut the batch', () =>
  withDevice('cpu', async device => {
    const photos = stripes(600, 24)
    const plain = {
      photos,
      model: stripeModel('softmax', 24),
      trainRows: rows(0, 480),
      validationRows: rows(480, 600),
      epochs: 2,
    }
    const small = withRoom(device, photos.images.length)
    const [whole, streamed] = [await eventsOf(options(device, plain)), await eventsOf(options(small, plain))]
    expect(streamed.filter(({ type }) => type === 'note')).toEqual([])
    expect(lastSnapshot(streamed)).toEqual(lastSnapshot(whole))
    const { model, state } = lastSnapshot(whole)
    expect(await predict(small, model, state, photos, rows(0, 600))).toEqual(
      await predict(device, model, state, photos, rows(0, 600)),
    )
    expect(device.counters).toMatchObject({ buffers: 0, bufferBytes: 0 })
  }))

it('names what batch norm sees where a batch is cut', () =>
  withDevice('cpu', async device => {
    const net = [
      layers.conv2d('conv1', 16, 3),
      layers.batchNorm('bn1'),
      layers.relu(),
      layers.maxPool(2),
      layers.flatten(),
      layers.dense('fc', 3),
    ]
    const withNorm = { epochs: 1, model: { ...stripeModel('softmax', 16), layers: net }, photos: stripes(60, 16) }
    const events = await eventsOf(options(limited(device, 12 * 16 * 16 * 16 * 4 - 1), withNorm))
    expect(events[1]).toMatchObject({
      code: 'batch-split',
      message: expect.stringMatching(
        /in 2 parts of 6 whose gradients are added up\. Batch norm sees 6 photos at a time/,
      ),
    })
    const weighed = await eventsOf(
      options(limited(device, 5 * 16 * 16 * 16 * 4), { ...withNorm, batchSize: 11, classWeights: [1, 2, 1] }),
    )
    expect(weighed[0]).toMatchObject({ batch: 10 })
    expect(weighed[1]).toMatchObject({
      message: expect.stringMatching(
        /^A batch of 11 does not .*: 10 photos are learnt in 2 parts of 5 .* whole batch\. Classes are weighed within each part/,
      ),
    })
    await expect(eventsOf(options(limited(device, 20_000), withNorm))).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringContaining('not even 2 photos at a time'),
    })
  }))
