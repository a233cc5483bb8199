// A run that did not end well, or has not begun: what the page says of it, and what it offers that can be done. And the
// list of runs keeps to its library.

import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import type { Run } from '../../../src/contract/records.ts'
import { useConnection } from '../../../src/renderer/api/client-key.ts'
import RunOutcome from '../../../src/renderer/components/train/RunOutcome.vue'
import RunProgress from '../../../src/renderer/components/train/RunProgress.vue'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import { foldAll } from '../../../src/renderer/stores/models/run-state.ts'
import { useRunStore } from '../../../src/renderer/stores/models/run.ts'
import { useRunsStore } from '../../../src/renderer/stores/models/runs.ts'
import { useToastsStore } from '../../../src/renderer/stores/shell/toasts.ts'
import { useTrainingStore } from '../../../src/renderer/stores/training/training.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage, pageGlobals } from '../in-page.ts'

enableAutoUnmount(afterEach)

const run = (state: Run['state']) =>
  ({
    id: 7,
    name: 'Run 7',
    state,
    settings: { epochs: 3 },
    photos: { train: 4, validation: 2, test: 0 },
    classes: [],
    summary: null,
    error: null,
  }) as unknown as Run
const stubs = { RouterLink: { template: '<a><slot /></a>' } }

describe('a run that failed', () => {
  const offered = (saved: boolean) => {
    const state = foldAll(saved ? ([{ type: 'checkpoint', step: 3, epoch: 1, kind: 'last' }] as never) : [])
    return mount(RunOutcome, {
      props: { run: run('failed'), state },
      global: { ...pageGlobals(fakeClient()), stubs },
    })
      .findAll('.button')
      .map(button => [button.text(), button.classes('primary')])
  }
  it('goes on where it saved something', () => {
    expect(offered(true)).toEqual([
      ['Go on with it', true],
      ['Train again', false],
    ])
  })
  it('can only begin anew where it did not', () => {
    expect(offered(false)).toEqual([['Train again', true]])
  })
})

it('a run that was set up and never begun can go on here', async () => {
  const client = fakeClient({
    'runs.resume': () => {
      throw new Error('so far and no further')
    },
  })
  const shown = mount(RunProgress, {
    props: { run: run('created'), state: foldAll([]), version: 0 },
    global: pageGlobals(client),
  })
  expect(shown.text()).toContain('has not begun')
  await shown
    .findAll('button')
    .find(button => button.text() === 'Go on with it')!
    .trigger('click')
  expect(client.calls.at(0)).toEqual({ name: 'runs.resume', params: { runId: 7 } })
})

it('a run that is refused is told once: by whoever asked to begin it, or over the page where it was to go on', async () => {
  const refuse = () => {
    throw new Error('There is one photo of a class.')
  }
  const { training, toasts } = inPage(
    fakeClient({ 'runs.create': refuse, 'runs.resume': refuse, 'library.current': () => null }),
    () => ({ training: useTrainingStore(), toasts: useToastsStore() }),
  )
  expect(await training.start({} as never)).toBeNull()
  expect([training.error?.message, toasts.failures.length, training.busy]).toEqual([
    'There is one photo of a class.',
    0,
    false,
  ])
  expect(await training.goOn(7)).toBeNull()
  expect(toasts.failures).toHaveLength(1)
})

it('a run on screen has no gap after the service was away', async () => {
  const events = [{ type: 'started', adapter: 'CPU', parameters: 1, epochs: 3, stepsPerEpoch: 2, batch: 4 }]
  const client = fakeClient({
    'library.current': () => null,
    'runs.get': () => run('running'),
    'runs.events': () => [...events],
    'runs.rows': () => null,
  })
  const { shown, connection } = inPage(client, () => ({ shown: useRunStore(), connection: useConnection() }))
  await shown.open(7)
  expect(shown.state.savedStep).toBe(0)
  events.push({ type: 'checkpoint', step: 2, epoch: 1, kind: 'last' } as never)
  ;(connection.epoch as { value: number }).value++
  await flushPromises()
  expect(shown.state.savedStep).toBe(2)
})

describe('the list of runs', () => {
  function listed() {
    const answers: ((list: unknown) => void)[] = []
    const client = fakeClient({
      'library.current': () => ({ id: 'a' }),
      'runs.list': () =>
        new Promise(resolve => {
          answers.push(resolve)
        }),
    })
    return { answers, ...inPage(client, () => ({ library: useLibraryStore(), runs: useRunsStore() })) }
  }

  it('keeps the newest answer, and whoever asked before it waits for it', async () => {
    const { answers, library, runs } = listed()
    await library.refresh()
    let waited = false
    const first = runs.refresh().then(() => {
      waited = true
    })
    const second = runs.refresh()
    await flushPromises()
    answers[0]!([])
    await flushPromises()
    expect(waited).toBe(false)
    answers[1]!([run('done')])
    await Promise.all([first, second])
    expect(runs.list.map(entry => entry.state)).toEqual(['done'])
  })

  it('does not bring the runs of one library into the next', async () => {
    const { answers, library, runs } = listed()
    await library.refresh()
    const late = runs.refresh()
    await flushPromises()
    library.summary = { id: 'b' } as never
    answers[0]!([run('done')])
    await late
    expect([runs.list, runs.known]).toEqual([[], false])
  })

  it('is empty where no library is open, and nothing is known then', async () => {
    const { runs } = listed()
    await runs.refresh()
    expect([runs.list, runs.known]).toEqual([[], false])
  })
})
