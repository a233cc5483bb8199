// The choice of precision: f16 only where a trial is faster and agrees, f32 with a reason everywhere else, and no trial
// where it could not win.

import { describe, expect, it } from 'vitest'
import {
  createReferenceDevice,
  CoreError,
  type Device,
  type DeviceInfo,
  type Precision,
} from '../../../src/core/index.ts'
import { choosePrecision, type RunTrial, type Trial } from '../../../src/core/train/steps/precision.ts'
import { availableDevices, openDevice } from '../devices.ts'
import { tinySettings, tinyTraining } from './tiny.ts'

const gpu: DeviceInfo = { kind: 'gpu', name: 'Card', software: false, halfPrecision: true, maxBindingBytes: 2 ** 30 }
const cpu = createReferenceDevice()
const noTrial: RunTrial = () => Promise.reject(new Error('No trial was called for.'))

function choose(info: Partial<DeviceInfo>, trial: RunTrial, precision: Precision = 'auto', steps = 1_000) {
  const device = { info: { ...gpu, ...info } } as Device
  return choosePrecision({ ...tinySettings(cpu), device, precision, steps }, trial)
}

const trials =
  (f32: Partial<Trial>, f16: Partial<Trial>): RunTrial =>
  async (precision, round) => ({
    losses: [2, 1, 1],
    milliseconds: 10,
    round: round ?? 4,
    ...(precision === 'f32' ? f32 : f16),
  })

describe('choosing the precision', () => {
  it('takes f16 where the trial agrees and is faster, and says by how much', async () => {
    expect(await choose({}, trials({}, { losses: [2.02, 1, 0.98], milliseconds: 6 }))).toEqual({
      precision: 'f16',
      note: {
        type: 'note',
        code: 'precision-f16',
        step: 0,
        message:
          'Activations are stored in 16 bits (f16): in 3 trial steps the losses were 1.00 % off those with 32 bits (at most 2 % is allowed), and 6.00 ms a step with 16 bits, 10.00 ms with 32.',
      },
    })
  })

  it.each<[string, Partial<Trial>, string]>([
    [
      'precision-f32-differs',
      { losses: [2, 1, 1.1], milliseconds: 6 },
      'in 3 trial steps the losses with 16 bits were 2.50 % off (at most 2 % is allowed)',
    ],
    ['precision-f32-differs', { losses: [2, NaN, 1], milliseconds: 6 }, 'NaN %'],
    [
      'precision-f32-slower',
      { milliseconds: 9.8 },
      '16 bits are not faster on this GPU: 9.80 ms a step with 16 bits, 10.00 ms with 32.',
    ],
  ])('stays with f32 otherwise: %s', async (code, f16, message) => {
    expect(await choose({}, trials({}, f16))).toMatchObject({
      precision: 'f32',
      note: { code, message: expect.stringContaining(message) },
    })
  })

  it('remembers for the adapter which is faster, so that close times do not make one run two', async () => {
    const kept = new Map<string, string>()
    const findings = {
      recall: async (key: string) => kept.get(key),
      remember: async (key: string, finding: string) => void kept.set(key, finding),
    }
    const again = (f16: Partial<Trial>, steps = 1_000) =>
      choosePrecision(
        { ...tinySettings(cpu), device: { info: gpu, findings } as unknown as Device, precision: 'auto', steps },
        trials({}, f16),
      )
    expect(await again({ milliseconds: 9.4 })).toMatchObject({ precision: 'f16' })
    expect(await again({ milliseconds: 9.6 }), 'slower this time').toMatchObject({ precision: 'f16' })
    expect(await again({ milliseconds: 9.4, losses: [2, 1, 2] }), 'losses are looked at each time').toMatchObject({
      note: { code: 'precision-f32-differs' },
    })
    kept.clear()
    expect(await again({ milliseconds: 9.6 })).toMatchObject({ note: { code: 'precision-f32-slower' } })
    expect(await again({ milliseconds: 9.4 })).toMatchObject({
      precision: 'f32',
      note: { code: 'precision-f32-slower', message: expect.stringContaining('earlier trial') },
    })
    expect([...kept]).toEqual([['precision of tiny 8x8x3, 3 classes, batch 8', 'f32']])
  })

  it('stays with f32 where the trial fails, but not where the device is lost', async () => {
    const failing =
      (code: 'shader-failed' | 'device-lost'): RunTrial =>
      async precision => {
        if (precision === 'f16') throw new CoreError(code, 'No luck.', 'Wait.')
        return { losses: [1], milliseconds: 1, round: 4 }
      }
    expect(await choose({}, failing('shader-failed'))).toMatchObject({
      precision: 'f32',
      note: { code: 'precision-f32-failed', message: expect.stringContaining('No luck.') },
    })
    await expect(choose({}, failing('device-lost'))).rejects.toThrow('No luck.')
  })

  it.each<[string, Partial<DeviceInfo>, number]>([
    ['precision-f32-software', { software: true }, 1_000],
    ['precision-f32-absent', { halfPrecision: false }, 1_000],
    ['precision-f32-short', {}, 199],
  ])('tries nothing where it could not win: %s', async (code, info, steps) => {
    expect(await choose(info, noTrial, 'auto', steps)).toMatchObject({ precision: 'f32', note: { code } })
  })

  it('has nothing to say on the CPU, and where the precision is given', async () => {
    expect(await choose({ kind: 'cpu', software: true, halfPrecision: false }, noTrial)).toEqual({ precision: 'f32' })
    expect(await choose({}, noTrial, 'f32')).toEqual({ precision: 'f32' })
    expect(await choose({ software: true }, noTrial, 'f16')).toEqual({ precision: 'f16' })
    await expect(choose({ halfPrecision: false }, noTrial, 'f16')).rejects.toThrow(
      'Card cannot store 16-bit numbers, which the precision f16 needs (shader-f16).',
    )
  })
})

describe.skipIf(!(await availableDevices()).includes('gpu'))('on the GPU, taken for a real one', () => {
  it.each([
    ['tries both ways before it starts, gives the memory back, and goes on with what won', {}],
    ['tries nothing where it has no 16-bit numbers, and says so once', { halfPrecision: false }],
  ])('%s', async (_name, info) => {
    const device = await openDevice('gpu')
    try {
      const real = takenFor(device, { software: false, ...info })
      const { events, last } = await tinyTraining(real, { more: { steps: 200 }, stopAfter: 1 })
      const notes = events.flatMap(event => (event.type === 'note' ? [event.code] : []))
      expect(notes).toEqual([
        expect.stringMatching(real.info.halfPrecision ? /^precision-(f16|f32-slower)$/ : /^precision-f32-absent$/),
      ])
      expect(last.moments.has('optimizer.loss-scale')).toBe(notes[0] === 'precision-f16')
      expect(device.counters).toMatchObject({ buffers: 0, bufferBytes: 0 })
      const again = await tinyTraining(real, { more: { steps: 200 }, from: last, stopAfter: last.step + 1 })
      expect(again.events.filter(({ type }) => type === 'note')).toEqual([])
      expect(again.last.moments.has('optimizer.loss-scale')).toBe(notes[0] === 'precision-f16')
    } finally {
      device.destroy()
    }
  })
})

function takenFor(device: Device, info: Partial<DeviceInfo>): Device {
  return new Proxy(device, {
    get(target, key) {
      if (key === 'info') return { ...target.info, ...info }
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
