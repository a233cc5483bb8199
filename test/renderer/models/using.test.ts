// What a model is used for, in the page: answers and "unknown", the store that asks a worker, settings compared, values
// of charts.

import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, shallowRef } from 'vue'
import type { RunSettings } from '../../../src/contract/records.ts'
import { connectionKey } from '../../../src/renderer/api/client-key.ts'
import { epochRows, extent, smoothed, stepRows } from '../../../src/renderer/charts/series.ts'
import AnswerList from '../../../src/renderer/components/models/AnswerList.vue'
import { createTranslations } from '../../../src/renderer/i18n/index.ts'
import { usePredictorStore } from '../../../src/renderer/stores/models/predictor.ts'
import { differingSettings } from '../../../src/renderer/stores/models/run-settings.ts'
import { fakeClient } from '../fake-client.ts'
import { settled } from '../in-page.ts'

const settings: RunSettings = {
  preset: 'photo-convnet',
  size: 64,
  channels: 3,
  epochs: 10,
  batch: 16,
  rate: 1e-3,
  seed: 1,
  augment: true,
}

describe('the answer of a model', () => {
  const list = (probabilities: number[], unknownBelow: number) =>
    mount(AnswerList, {
      props: {
        classes: [{ name: 'dress' }, { name: 'hat' }, { name: 'shoes' }],
        probabilities: Float32Array.from(probabilities),
        label: 1,
        unknownBelow,
      },
      global: { plugins: [createTranslations('en')] },
    })

  it('is the most probable class, the others by confidence', () => {
    const shown = list([0.2, 0.7, 0.1], 0.5)
    expect(shown.get('.answer').text()).toBe('hat70.0\u00a0%')
    expect(shown.findAll('li').map(line => line.text())).toEqual([
      'hat70.0\u00a0%',
      'dress20.0\u00a0%',
      'shoes10.0\u00a0%',
    ])
    expect(shown.get('button[aria-pressed=true]').text()).toContain('hat')
  })

  it('is unknown below the threshold, and says its best guess', () => {
    expect(list([0.2, 0.49, 0.31], 0.5).get('.answer').text()).toContain('Unknownat best hat, 49.0')
    expect(list([0.2, 0.5, 0.3], 0.5).get('.answer').text()).not.toContain('Unknown')
  })

  it('lets a class be chosen', async () => {
    const shown = list([0.2, 0.7, 0.1], 0.5)
    await shown.findAll('li button')[2]!.trigger('click')
    expect(shown.emitted('choose')).toEqual([[2]])
  })
})

describe('the store that asks', () => {
  const posted: unknown[] = []
  let worker: { onmessage: ((event: { data: unknown }) => void) | null }
  beforeEach(() => {
    posted.length = 0
    vi.stubGlobal(
      'Worker',
      class {
        onmessage = null
        constructor() {
          worker = this as typeof worker
        }
        postMessage(message: unknown) {
          posted.push(message)
        }
        terminate() {}
      },
    )
  })
  afterEach(() => vi.unstubAllGlobals())

  const questions = () =>
    posted.filter(message => (message as { kind?: string }).kind === 'ask') as {
      id: number
      photo: unknown
      label: unknown
    }[]

  function store() {
    const put: { name: string; params: unknown; bytes: number[] }[] = []
    const client = {
      ...fakeClient(),
      putBytes: async (name: string, params: unknown, body: Uint8Array) =>
        void put.push({ name, params, bytes: [...body] }),
    }
    const app = createApp({})
    app.use(createPinia()).provide(connectionKey, {
      client,
      state: shallowRef('open'),
      epoch: shallowRef(0),
      connectWorker: () => posted.push('connected'),
    } as never)
    return { predictor: app.runWithContext(() => usePredictorStore()), put }
  }

  it('starts another worker where one failed, so that the next question is answered', async () => {
    const { predictor } = store()
    const lost = predictor.ask(4, { photoId: 7 })
    const failed = worker as unknown as { onerror(event: { message: string }): void }
    failed.onerror({ message: '' })
    await expect(lost).rejects.toThrow('could not be started')
    void predictor.ask(4, { photoId: 7 })
    await settled()
    expect(worker).not.toBe(failed)
    expect(posted.filter(message => message === 'connected')).toHaveLength(2)
    expect(posted.at(-1)).toMatchObject({ kind: 'ask', photo: { photoId: 7 } })
  })

  it('sends the file as it is, asks about it, and tells answers apart', async () => {
    const { predictor, put } = store()
    const first = predictor.ask(4, { file: new Blob([Uint8Array.of(1, 2, 3)]), name: 'hat.jpg' })
    const second = predictor.ask(4, { photoId: 7 }, 2)
    await expect.poll(() => questions()).toHaveLength(2)
    expect(put).toEqual([
      { name: 'visitor', params: { visitorId: expect.any(String), name: 'hat.jpg' }, bytes: [1, 2, 3] },
    ])
    const asked = questions()
    expect(asked.map(({ photo, label }) => ({ photo, label }))).toEqual([
      { photo: { photoId: 7 }, label: 2 },
      { photo: put[0]!.params, label: null },
    ])
    worker.onmessage!({
      data: {
        kind: 'no-answer',
        id: asked[0]!.id,
        error: { code: 'photos-missing', message: 'Gone.', fix: 'Put it back.' },
      },
    })
    worker.onmessage!({ data: { kind: 'answer', id: asked[1]!.id, answer: { label: 1 } } })
    await expect(second).rejects.toMatchObject({ code: 'photos-missing', fix: 'Put it back.' })
    expect(await first).toEqual({ label: 1 })
    expect(posted.slice(0, 2), 'before it is asked anything').toEqual([
      'connected',
      { kind: 'compute-on', choice: 'auto' },
    ])
    expect(posted.filter(message => message === 'connected')).toHaveLength(1)
  })
})

describe('settings of two runs', () => {
  it('differ where a value differs or only one has it', () => {
    const after: RunSettings = {
      ...settings,
      epochs: 20,
      optimizer: 'adamw',
      augmentation: {
        format: 'winnow-augmentation',
        version: 1,
        steps: [{ kind: 'rotate', probability: 1, degrees: [-5, 5] }],
      },
    }
    expect(differingSettings(settings, after)).toEqual(['epochs', 'optimizer', 'augment'])
    expect(differingSettings(settings, { ...settings })).toEqual([])
  })
})

describe('values of charts', () => {
  const line = [
    { x: 0.5, y: 1 },
    { x: 1, y: 3 },
    { x: 1.5, y: 5 },
    { x: 2, y: 7 },
  ]
  it('are means of the steps between two looks, or of whole epochs', () => {
    expect(
      epochRows(line, [
        { x: 1, y: 9 },
        { x: 2, y: 8 },
      ]),
    ).toEqual([
      { epoch: 1, train: 2, validation: 9 },
      { epoch: 2, train: 6, validation: 8 },
    ])
    expect(stepRows(line)).toEqual([
      { epoch: 1, train: 2, validation: null },
      { epoch: 2, train: 6, validation: null },
    ])
    expect(stepRows([])).toEqual([])
  })
  it('are smoothed without a false start', () => {
    expect(smoothed(line, 0)).toBe(line)
    expect(
      smoothed(
        [
          { x: 0, y: 4 },
          { x: 1, y: 4 },
        ],
        0.9,
      ).map(({ y }) => Math.round(y * 1e6) / 1e6),
    ).toEqual([4, 4])
  })
  it('fit a zoomed scale with a little air', () => {
    expect(extent([line, [{ x: 1.2, y: 4 }]], 0.9, 1.6)).toEqual({ from: 3 - 0.16, to: 5 + 0.16 })
    expect(extent([line], 3, 4)).toBeNull()
  })
})
