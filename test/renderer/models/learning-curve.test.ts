// What more photos would bring: which runs belong together, and the training of those that are missing.

import { describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import type { Run } from '../../../src/contract/records.ts'
import { useLearningCurveStore } from '../../../src/renderer/stores/models/learning-curve.ts'
import { useRunsStore } from '../../../src/renderer/stores/models/runs.ts'
import { useTrainingStore } from '../../../src/renderer/stores/training/training.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage, settled } from '../in-page.ts'

const run = (id: number, train: number, more: Partial<Run['settings']> = {}, state: Run['state'] = 'done') =>
  ({
    id,
    name: `Run ${id}`,
    state,
    photos: { train, validation: 9, test: 0 },
    classes: [],
    settings: {
      preset: 'mlp',
      size: 16,
      channels: 3,
      epochs: 2,
      batch: 4,
      rate: 0.1,
      seed: 1,
      augment: false,
      ...more,
    },
  }) as unknown as Run

function stores() {
  const client = fakeClient({ 'runs.rename': () => run(9, 1) })
  return {
    client,
    ...inPage(client, () => ({
      learningCurve: useLearningCurveStore(),
      runs: useRunsStore(),
      training: useTrainingStore(),
    })),
  }
}

describe('a learning curve', () => {
  it('is made of runs that differ in their photos alone, the newest of each number', () => {
    const { learningCurve, runs } = stores()
    runs.list = [
      run(7, 50, { trainShare: 0.5 }),
      run(6, 50, { trainShare: 0.5 }),
      run(5, 25, { trainShare: 0.25, epochs: 3 }),
      run(4, 25, { trainShare: 0.25 }, 'failed'),
      run(3, 25, { trainShare: 0.25 }),
      run(2, 100, { fromRunId: 1 }),
    ]
    expect(learningCurve.of(runs.byId(2)!).map(({ id }) => id)).toEqual([3, 7, 2])
  })

  it('trains with a quarter and a half from fresh weights, one after the other, and names them', async () => {
    const { learningCurve, runs, training, client } = stores()
    const busy = shallowRef(false)
    const started: unknown[] = []
    vi.spyOn(training, 'start').mockImplementation(async settings => {
      started.push(settings)
      busy.value = true
      const made = run(10 + started.length, 1, settings, 'done')
      runs.list = [...runs.list, made]
      return made
    })
    vi.spyOn(runs, 'refresh').mockResolvedValue()
    Object.defineProperty(training, 'busy', { get: () => busy.value })
    const ended = learningCurve.train(run(2, 100, { fromRunId: 1 }), (name, share) => `${name} ${share}`)
    await settled()
    expect([started.length, learningCurve.working]).toEqual([1, 0.25])
    busy.value = false
    await settled()
    busy.value = false
    await ended
    expect(started).toEqual([
      expect.objectContaining({ trainShare: 0.25 }),
      expect.objectContaining({ trainShare: 0.5 }),
    ])
    expect(started.some(settings => 'fromRunId' in (settings as object))).toBe(false)
    expect(client.calls.map(({ params }) => params)).toEqual([
      { runId: 11, name: 'Run 11 0.25' },
      { runId: 12, name: 'Run 12 0.5' },
    ])
    expect(learningCurve.working).toBeNull()
  })
})
