// The training of this page by its worker: what a run and a cross-validation tell it, what each button does in which
// phase, and what follows the end.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useSettingsStore } from '../../../src/renderer/stores/shell/settings.ts'
import { useToastsStore } from '../../../src/renderer/stores/shell/toasts.ts'
import { useTrainingStore } from '../../../src/renderer/stores/training/training.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage, settled } from '../in-page.ts'

const posted: { readonly kind: string }[] = []
let say: (message: unknown) => Promise<void>

beforeEach(() => {
  localStorage.clear()
  posted.length = 0
  vi.stubGlobal(
    'Worker',
    class {
      onmessage: ((event: { data: unknown }) => void) | null = null
      constructor() {
        say = data => {
          this.onmessage!({ data })
          return settled()
        }
      }
      postMessage(message: { kind: string }) {
        posted.push(message)
      }
      terminate() {}
    },
  )
})
afterEach(() => void vi.unstubAllGlobals())

function page() {
  const client = fakeClient({
    'runs.create': () => ({ id: 7 }),
    'runs.delete': () => ({}),
    'library.current': () => null,
  })
  return {
    client,
    ...inPage(client, () => ({ training: useTrainingStore(), settings: useSettingsStore(), toasts: useToastsStore() })),
  }
}
const told = () => posted.map(({ kind }) => kind)

describe('a run', () => {
  it('is told to the worker, which was told what to compute on, and is one at a time', async () => {
    const { training, settings } = page()
    expect(await training.start({} as never)).toEqual({ id: 7 })
    expect(posted).toEqual([
      { kind: 'compute-on', choice: 'auto' },
      { kind: 'start', runId: 7 },
    ])
    expect([await training.start({} as never), await training.startFolds(7, 3)]).toEqual([null, false])
    settings.computeOn = 'processor'
    await settled()
    expect(posted.slice(2)).toEqual([{ kind: 'compute-on', choice: 'processor' }])
  })

  it('pauses only while it trains and goes on only from a pause', async () => {
    const { training } = page()
    await training.start({} as never)
    training.pause()
    training.resume()
    expect(told()).toEqual(['compute-on', 'start'])
    await say({ kind: 'started' })
    training.pause()
    expect(training.phase).toBe('paused')
    training.resume()
    training.stop()
    expect(training.phase).toBe('ending')
    expect(told().slice(2)).toEqual(['pause', 'resume', 'stop'])
    await say({ kind: 'ended' })
    expect([training.phase, training.busy]).toEqual(['idle', false])
  })

  it('is thrown away when it has ended, where it was cancelled, and kept where it was stopped', async () => {
    const { training, client } = page()
    const deleted = () => client.calls.filter(call => call.name === 'runs.delete').map(call => call.params)
    await training.start({} as never)
    training.stop()
    await say({ kind: 'ended' })
    await training.start({} as never)
    training.cancel()
    expect(deleted()).toEqual([])
    await say({ kind: 'ended' })
    expect(deleted()).toEqual([{ runId: 7 }])
  })

  it('is no run while it is being made or was refused, and none any more when it has ended', async () => {
    const { training, client } = page()
    await training.start({} as never)
    await say({ kind: 'ended' })
    expect(training.runId, 'what has ended is not at work').toBeNull()
    let refuse!: (error: Error) => void
    client.answer('runs.create', () => new Promise((_, reject) => (refuse = reject)))
    const refused = training.start({} as never)
    expect([training.busy, training.runId]).toEqual([true, null])
    await Promise.resolve()
    refuse(new Error('One class is not enough.'))
    expect([await refused, training.error?.message, training.runId]).toEqual([null, 'One class is not enough.', null])
  })

  it('that failed is told, and another can begin', async () => {
    const { training, toasts } = page()
    await training.start({} as never)
    await say({ kind: 'failed', error: { code: 'gpu-lost', message: 'The GPU is gone.', fix: 'Go on with the run.' } })
    expect([training.error?.message, toasts.failures.length, training.busy]).toEqual(['The GPU is gone.', 1, false])
    await training.start({} as never)
    expect(training.error).toBeNull()
  })
})

describe('a cross-validation', () => {
  it('says how far it is, and whether every fold is done', async () => {
    const { training } = page()
    const complete = training.startFolds(7, 3)
    expect([training.phase, training.folds]).toEqual(['training', { fold: 0, folds: 3, done: 0, secondsLeft: null }])
    await say({ kind: 'folds', progress: { fold: 1, folds: 3, done: 0.4, secondsLeft: 9 } })
    expect(training.folds?.done).toBe(0.4)
    await say({ kind: 'folds-ended', complete: true })
    expect([await complete, training.folds, training.busy]).toEqual([true, null, false])
  })

  it('that is cancelled keeps what it has done, and throws no run away', async () => {
    const { training, client } = page()
    await training.start({} as never)
    await say({ kind: 'ended' })
    const complete = training.startFolds(7, 3)
    training.cancel()
    await say({ kind: 'folds-ended', complete: false })
    expect(await complete).toBe(false)
    expect(client.calls.some(call => call.name === 'runs.delete')).toBe(false)
  })

  it('that failed has not every fold', async () => {
    const { training } = page()
    const complete = training.startFolds(7, 3)
    await say({ kind: 'failed', error: { code: 'bad-run', message: 'It has no pixels.', fix: '' } })
    expect(await complete).toBe(false)
  })

  it('begun while the end of another is still being read has an end of its own', async () => {
    const { training, client } = page()
    let answer!: (library: null) => void
    client.answer(
      'library.current',
      () =>
        new Promise(resolve => {
          answer = resolve
        }),
    )
    const first = training.startFolds(7, 3)
    await say({ kind: 'folds-ended', complete: true })
    const second = training.startFolds(8, 3)
    answer(null)
    expect(await first).toBe(true)
    client.answer('library.current', () => null)
    await say({ kind: 'folds-ended', complete: false })
    expect(await second).toBe(false)
  })
})

describe('a quick model', () => {
  it('is told while it is made, and its run is known when it has ended', async () => {
    const { training } = page()
    const made = training.startQuick()
    expect(posted.at(-1)).toEqual({ kind: 'start-quick', backbone: 'built-in' })
    expect([training.busy, training.quick]).toEqual([true, { stage: 'features', done: 0, total: 0, expected: null }])
    await say({ kind: 'quick', progress: { stage: 'features', done: 16, total: 40, expected: null } })
    expect(training.quick).toMatchObject({ done: 16, total: 40 })
    training.pause()
    training.resume()
    expect(told().slice(-2)).toEqual(['pause', 'resume'])
    await say({ kind: 'quick-ended', runId: 9 })
    expect(await made).toBe(9)
    expect([training.busy, training.quick]).toEqual([false, null])
  })

  it('that fails says why, and the next may begin', async () => {
    const { training, toasts } = page()
    const made = training.startQuick()
    await say({ kind: 'failed', error: { code: 'no-backbone', message: 'None.', fix: 'Make it.' } })
    expect(await made).toBeNull()
    expect(training.busy).toBe(false)
    expect(toasts.failures).toHaveLength(1)
  })
})
