// How steps and submits go together: many short steps make one submit, one long step makes several, and only where a
// screen could stutter.

import { describe, expect, it, vi } from 'vitest'
import { createReferenceDevice, train, type Device, type DeviceInfo } from '../../../src/core/index.ts'
import { SubmitPacing } from '../../../src/core/train/steps/submit-pacing.ts'
import { availableDevices, openDevice } from '../devices.ts'
import { eventsOf, lastSnapshot, rows, stripeModel, stripes } from './stripes.ts'

const drawsScreen: DeviceInfo = { kind: 'gpu', name: 'a GPU', software: false, maxBindingBytes: 2 ** 30 }

describe('pace', () => {
  it('joins short steps into a submit of about 40 ms, twice as many at most from one to the next', () => {
    const pace = new SubmitPacing(0, 0)
    const joined = Array.from({ length: 6 }, (_, i) => {
      pace.mark((i + 1) * 10, (i + 1) * 10)
      return pace.stepsPerSubmit
    })
    expect(joined).toEqual([2, 4, 8, 16, 32, 40])
    expect(pace.submitsPerStep(drawsScreen)).toBe(1)
  })

  it('cuts a long step, and the first one, which nobody has measured', () => {
    const pace = new SubmitPacing(0, 0)
    expect([pace.submitsPerStep(drawsScreen), pace.submitsPerStep({ ...drawsScreen, software: true })]).toEqual([16, 1])
    pace.mark(1000, 1)
    pace.mark(2000, 2)
    expect([pace.stepsPerSubmit, pace.submitsPerStep(drawsScreen)]).toEqual([1, 25])
  })

  it('is that of the steps alone, however long a look at the photos takes between them', () => {
    const pace = new SubmitPacing(0, 0)
    for (let step = 1; step <= 60; step++) pace.mark(step * 100, step)
    pace.skip(60_000)
    pace.mark(66_100, 61)
    expect(pace.stepsPerSecond).toBeCloseTo(10)
    expect(pace.secondsLeft(66_100, 100)).toBeCloseTo(10)
    expect(pace.submitsPerStep(drawsScreen)).toBe(3)
  })

  it('is that of the steps alone, however long somebody pauses', () => {
    const pace = new SubmitPacing(0, 0)
    for (let step = 1; step <= 60; step++) pace.mark(step * 100, step)
    pace.mark(6_100, 61) // was begun before the pause
    pace.held(6_000, 3_606_000)
    pace.mark(3_606_100, 62)
    expect(pace.stepsPerSecond).toBeCloseTo(10)
    expect(pace.submitsPerStep(drawsScreen)).toBe(3)
    pace.held(3_606_100, 3_606_500) // a consumer that is slow is none that pauses
    pace.mark(3_606_600, 63)
    expect(pace.stepsPerSecond).toBeLessThan(10)
  })

  it('cuts no step into more submits than a very long one needs, were the machine asleep for hours', () => {
    const pace = new SubmitPacing(0, 0)
    pace.mark(36_000_000, 1)
    expect(pace.submitsPerStep(drawsScreen)).toBe(256)
  })

  it('guesses no time left from the first step, which has all the compiling in it', () => {
    const pace = new SubmitPacing(0, 0)
    pace.mark(50_000, 1)
    expect(pace.secondsLeft(50_000, 100)).toBeNull()
    pace.mark(50_100, 2)
    pace.mark(55_000, 51)
    expect(pace.secondsLeft(55_000, 100)).toBeCloseTo(10)
  })

  it('of a run that goes on counts from there', () => {
    const pace = new SubmitPacing(0, 100)
    pace.mark(1000, 110)
    expect(pace.stepsPerSecond).toBe(10)
  })
})

/** The device as if it drew the screen, each of its readbacks slow; `submits` collects what is asked of it. */
function drawing(device: Device, submits: number[], delayMs: number): Device {
  const info: DeviceInfo = { ...device.info, software: false }
  return new Proxy(device, {
    get(target, name: keyof Device) {
      if (name === 'info') return info
      if (name === 'run') return (calls: never, count = 1) => (submits.push(count), target.run(calls, count))
      if (name === 'read')
        return async (...args: Parameters<Device['read']>) => (
          await new Promise(resolve => setTimeout(resolve, delayMs)),
          target.read(...args)
        )
      const value = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const options = (device: Device) => ({
  device,
  model: stripeModel('simple-conv'),
  photos: stripes(60),
  trainRows: rows(0, 48),
  validationRows: rows(48, 60),
  epochs: 1,
  batchSize: 12,
  learningRate: 0.003,
  seed: 7,
  precision: 'f32' as const,
})

describe.each(await availableDevices())('on the %s device', kind => {
  it('gives the same weights however a step is cut', async () => {
    const device = await openDevice(kind)
    const whole = lastSnapshot(await eventsOf(options(device)))
    const submits: number[] = []
    expect(lastSnapshot(await eventsOf(options(drawing(device, submits, 600))))).toEqual(whole)
    expect(Math.max(...submits)).toBeGreaterThan(10)
    device.destroy()
  })
})

it('counts each submit of a cut step', async () => {
  for (const kind of await availableDevices()) {
    const device = await openDevice(kind)
    const before = device.counters.submits
    const submits: number[] = []
    await eventsOf(options(drawing(device, submits, 300)))
    if (kind === 'gpu') expect(device.counters.submits - before).toBeGreaterThan(submits.length)
    device.destroy()
  }
  expect(createReferenceDevice().info.software).toBe(true)
})

it('tells the steps a second of the training after a pause of an hour, not of the pause', async () => {
  const device = createReferenceDevice()
  const now = performance.now.bind(performance)
  let hour = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + hour)
  const after: number[] = []
  for await (const event of train({ ...options(device), model: stripeModel('softmax'), epochs: 20 })) {
    if (event.type === 'step' && hour > 0) after.push(event.stepsPerSecond)
    if (event.type === 'step' && event.step > 12) hour = 3_600_000
  }
  clock.mockRestore()
  expect(after.length).toBeGreaterThan(2)
  expect(Math.min(...after)).toBeGreaterThan(0.5)
})
