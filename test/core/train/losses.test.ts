// Losses by themselves: the mean of those in the ring, and what the watch throws, tells and forgets.

import { expect, it } from 'vitest'
import { metricsRing } from '../../../src/core/ops/losses/loss.ts'
import { LossMonitor, meanOf } from '../../../src/core/train/losses.ts'

it('takes the mean over the end of the ring', () => {
  const ring = new Float32Array(metricsRing * 4)
  ring.set([2, 0.5], (metricsRing - 1) * 4)
  ring.set([4, 1], 0)
  expect(meanOf(ring, metricsRing - 1, metricsRing + 1)).toEqual({ loss: 3, accuracy: 0.75 })
})

it('tells a spike once, also after a roll-back, which lets the next level be another', () => {
  const watch = new LossMonitor()
  for (let step = 0; step < 100; step++) watch.add(1, step, step)
  watch.add(9, 100, 119)
  expect(watch.isHigh).toBe(true)
  watch.startAfresh()
  expect(watch.isHigh).toBe(false)
  expect(watch.told()).toMatchObject([{ code: 'loss-spike', warning: true, step: 119 }])
  expect(watch.told()).toEqual([])
  for (let step = 0; step < 300; step++) watch.add(9, step, step)
  expect(watch.told()).toEqual([])
})

it('throws where the loss is not a number, and where it has been high for two hundred steps', () => {
  const watch = new LossMonitor()
  expect(() => watch.add(NaN, 3, 5)).toThrow('The loss is not a number at step 5.')
  for (let step = 0; step < 100; step++) watch.add(1, step, step)
  expect(() => watch.add(9, 100, 299)).toThrow('200 steps at step 299')
})
