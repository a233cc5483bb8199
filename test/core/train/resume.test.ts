// Going on from a snapshot gives the same bits as never having stopped, wherever within an epoch the stop fell; and a
// set that is streamed gives the same bits as one that lies on the device.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adam, withEma, sgd, type Device } from '../../../src/core/index.ts'
import { availableDevices, openDevice, type DeviceKind } from '../devices.ts'
import { bits, streamingDevice, tinyTraining } from './tiny.ts'

const kinds = await availableDevices()

describe.each<DeviceKind>(kinds)('on %s', kind => {
  let device: Device
  beforeAll(async () => {
    device = await openDevice(kind)
  })
  afterAll(() => device.destroy())

  it('40 steps are the same as a part, a stop within an epoch, and the rest', async () => {
    const whole = await tinyTraining(device)
    expect(whole.last.step).toBe(40)
    const part = await tinyTraining(device, { stopAfter: 12 })
    expect(part.last.step).toBeLessThan(40)
    const rest = await tinyTraining(device, { from: part.last })
    expect(rest.last.step).toBe(40)
    expect(bits(rest.last), `stopped after ${part.last.step} steps`).toEqual(bits(whole.last))
  })

  it('17 steps and 23 more are 40, where every step is a submit of its own', async () => {
    const streamed = streamingDevice(device)
    const whole = await tinyTraining(streamed)
    const part = await tinyTraining(streamed, { stopAfter: 16 })
    expect(part.last.step).toBe(17)
    expect(bits((await tinyTraining(streamed, { from: part.last })).last)).toEqual(bits(whole.last))
  })

  it('17 and 23 are 40 with averaged weights, clipping, class weights, smoothing and mixed photos, whose average is another than the weights', async () => {
    const streamed = streamingDevice(device)
    const more = {
      optimizer: withEma(adam({ weightDecay: 0.01, clipNorm: 0.5 }), 0.9),
      labelSmoothing: 0.1,
      classWeights: [1, 2, 0.5],
      augmentation: {
        flip: { probability: 0.5 },
        rotate: { probability: 0.5, range: [-20, 20] as const },
        noise: { probability: 1, range: [0, 0.1] as const },
        mixup: 0.4,
        cutmix: true,
      },
    }
    const whole = await tinyTraining(streamed, { more })
    const part = await tinyTraining(streamed, { stopAfter: 16, more })
    expect(part.last.step).toBe(17)
    expect(bits((await tinyTraining(streamed, { from: part.last, more })).last)).toEqual(bits(whole.last))
    for (const name of ['conv1.weight', 'bn1.running_mean'])
      expect(whole.last.average!.get(name)!.data).not.toEqual(whole.last.state.get(name)!.data)
  })

  it('is the same streamed as resident', async () => {
    const [resident, streamed] = [await tinyTraining(device), await tinyTraining(streamingDevice(device))]
    expect(bits(streamed.last)).toEqual(bits(resident.last))
  })

  it('depends on the seed', async () => {
    const [one, two] = [await tinyTraining(device), await tinyTraining(device, { more: { seed: 6 } })]
    expect(bits(one.last)).not.toEqual(bits(two.last))
  })

  it('learns: the last loss is well below the first', async () => {
    const { events } = await tinyTraining(device, {
      more: { optimizer: sgd({ momentum: 0.9, nesterov: true }), learningRate: 0.02 },
    })
    const losses = events.flatMap(event => (event.type === 'step' ? [event.loss] : []))
    expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.8)
  })
})
