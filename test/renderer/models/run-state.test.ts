// A run as a fold: live and reopened give the same state, a resumed run draws on from its checkpoint, a long run
// stays small.

import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src/contract/records.ts'
import {
  emptyRunState,
  foldAll,
  foldEvent,
  photosPerSecond,
  progressOf,
} from '../../../src/renderer/stores/models/run-state.ts'

const started: RunEvent = {
  type: 'started',
  adapter: 'test',
  software: true,
  parameters: 10,
  stepsPerEpoch: 10,
  epochs: 4,
  batch: 16,
  at: '2026-11-21T00:00:00Z',
}
const step = (n: number, loss = 1 / n): RunEvent => ({
  type: 'step',
  step: n,
  epoch: Math.floor(n / 10),
  loss,
  accuracy: 0.5,
  rate: 1e-3,
  stepsPerSecond: 5,
  secondsLeft: null,
})
const evaluated = (
  n: number,
  accuracy: number,
  split: 'validation' | 'test' = 'validation',
  complete = true,
): RunEvent => ({ type: 'evaluated', step: n, epoch: n / 10, split, loss: 1, accuracy, photos: 100, complete })

describe('the state of a run', () => {
  const events: RunEvent[] = [
    started,
    step(5),
    step(10),
    evaluated(10, 0.4),
    { type: 'predictions', step: 10, epoch: 1, rows: [3, 7], classes: [0, 1], confidences: [0.9, 0.6] },
    step(15),
    step(20),
    evaluated(20, 0.6),
    { type: 'checkpoint', step: 20, epoch: 2, kind: 'best' },
    { type: 'predictions', step: 20, epoch: 2, rows: [7], classes: [0], confidences: [0.7] },
    evaluated(20, 0.5, 'test'),
    { type: 'ended', state: 'done', step: 20, epoch: 2, seconds: 3 },
  ]

  it('is the same folded live and folded from what was kept', () => {
    const live = emptyRunState()
    for (const event of events) foldEvent(live, structuredClone(event))
    expect(live).toEqual(foldAll(JSON.parse(JSON.stringify(events)) as RunEvent[]))
  })

  it('has curves over epochs, the best look, and the newest prediction of each row', () => {
    const state = foldAll(events)
    expect(state.train.map(point => point.x)).toEqual([0.5, 1, 1.5, 2])
    expect(state.validation.map(point => point.accuracy)).toEqual([0.4, 0.6])
    expect(state.best).toEqual({ epoch: 2, accuracy: 0.6 })
    expect(state.test?.accuracy).toBe(0.5)
    expect(state.predictions.get(7)).toEqual({ classIndex: 0, confidence: 0.7 })
    expect([...state.predictions.keys()]).toEqual([3, 7])
    expect(state.ended?.state).toBe('done')
  })

  it('does not take a part of the validation photos for the best', () => {
    expect(foldAll([started, evaluated(10, 0.9, 'validation', false), evaluated(20, 0.5)]).best).toEqual({
      epoch: 2,
      accuracy: 0.5,
    })
  })

  it('goes back to the checkpoint when a lost GPU was replaced', () => {
    const state = foldAll([
      started,
      step(5),
      step(10),
      evaluated(10, 0.4),
      step(15, 9),
      step(18, 9),
      started,
      step(12, 2),
      step(20, 1),
      evaluated(20, 0.5),
    ])
    expect(state.train.map(point => point.x)).toEqual([0.5, 1, 1.2, 2])
    expect(state.train.every(point => point.loss < 9)).toBe(true)
  })

  it('stays small over 200,000 steps and keeps first and last', () => {
    const state = emptyRunState()
    foldEvent(state, { ...started, epochs: 20_000 } as RunEvent)
    for (let n = 1; n <= 200_000; n++) foldEvent(state, step(n))
    expect(state.train.length).toBeLessThan(1200)
    expect(state.train.at(-1)!.x).toBeGreaterThan(19_900)
    expect(state.train[0]!.x).toBeLessThan(60)
  })

  it('tells progress and photos a second', () => {
    const state = foldAll([started, step(20)])
    expect(progressOf(state)).toBe(0.5)
    expect(photosPerSecond(state)).toBe(80)
    expect(progressOf(emptyRunState())).toBe(0)
    expect(photosPerSecond(emptyRunState())).toBeNull()
  })
})
