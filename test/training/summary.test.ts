// The summary of a run by itself: its numbers from the events, and whether the newest evaluation is the best.

import { expect, it } from 'vitest'
import type { TrainEvent } from '../../src/core/index.ts'
import { Summary } from '../../src/training/summary.ts'

function evaluated(epoch: number, accuracy: number): TrainEvent {
  return { type: 'evaluated', step: epoch * 10, epoch, loss: 1 - accuracy, accuracy, photos: 20, complete: true }
}

it('counts steps, epochs and the seconds of every part of a run', () => {
  const summary = new Summary()
  summary.put({ seconds: 30, testAccuracy: 0.5 })
  summary.add({
    type: 'step',
    step: 10,
    epoch: 0,
    loss: 0.7,
    accuracy: 0.6,
    rate: 0.1,
    stepsPerSecond: 1,
    secondsLeft: null,
  })
  summary.add(evaluated(1, 0.8))
  expect(summary.values).toMatchObject({
    steps: 10,
    epochs: 1,
    trainLoss: 0.7,
    seconds: 30,
    testAccuracy: 0.5,
    validationAccuracy: null,
  })
  summary.add({ type: 'ended', state: 'stopped', step: 14, epoch: 1, seconds: 12 })
  expect(summary.values).toMatchObject({ steps: 14, epochs: 1, seconds: 42 })
})

it('knows whether the newest evaluation is the best, also of what was kept before', () => {
  const summary = new Summary()
  const isAtBest = (event: TrainEvent) => {
    summary.add(event)
    return summary.isAtBest
  }
  expect([evaluated(1, 0.7), evaluated(2, 0.6), evaluated(3, 0.8)].map(isAtBest)).toEqual([true, false, true])
  summary.beginFrom({ loss: 0.1, accuracy: 0.9 })
  expect([evaluated(4, 0.85), evaluated(5, 0.95)].map(isAtBest)).toEqual([false, true])
})
