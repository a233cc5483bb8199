// The start: a recent library that is gone says so and is no longer offered, and where something is under way in the
// library that is open, another is opened only after a question.

import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { ServiceError } from '../../../src/contract/errors.ts'
import { useJobsStore } from '../../../src/renderer/stores/library/jobs.ts'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import { useTrainingStore } from '../../../src/renderer/stores/training/training.ts'
import StartView from '../../../src/renderer/views/StartView.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

it('drops a recent library that cannot be opened because it is gone', async () => {
  const entry = (id: string, name: string) => ({ id, name, photos: 3, openedAt: '2026-01-01T00:00:00.000Z' })
  const client = fakeClient({
    'libraries.recent': () => [entry('a', 'Here'), entry('b', 'Gone')],
    'libraries.open': () => {
      throw new ServiceError('library-missing', 'That library is not where it was opened last.', 'Put its folder back.')
    },
  })
  const globals = pageGlobals(client)
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/start', name: 'start', component: StartView },
      { path: '/library', name: 'library', component: { template: '<div />' } },
    ],
  })
  await router.push('/start')
  const page = mount({ template: '<RouterView />' }, { global: { ...globals, plugins: [...globals.plugins, router] } })
  await flushPromises()
  client.answer('libraries.recent', () => [entry('a', 'Here')])
  await page.findAll('button.recent')[1]!.trigger('click')
  await flushPromises()
  expect(page.get('[role=alert]').text()).toContain('not where it was opened last')
  expect(page.findAll('button.recent').map(button => button.text())).toEqual([expect.stringContaining('Here')])
  page.unmount()
})

describe('another library', () => {
  const names = { a: 'Clothing', b: 'Birds' } as const

  async function start() {
    const client = fakeClient({
      'library.current': () => ({ id: 'a', name: names.a, classes: [] }),
      'libraries.recent': () =>
        Object.entries(names).map(([id, name]) => ({ id, name, photos: 3, openedAt: '2026-01-01T00:00:00.000Z' })),
      'libraries.open': ({ id }: { id: 'a' | 'b' }) => ({ id, name: names[id], classes: [] }),
      'libraries.create': ({ name }: { name: string }) => ({ id: 'c', name, classes: [] }),
      'jobs.list': () => [],
      'runs.list': () => [],
      'suspects.list': () => [],
    })
    const globals = pageGlobals(client)
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [
        { path: '/start', name: 'start', component: StartView },
        { path: '/library', name: 'library', component: { template: '<div />' } },
      ],
    })
    await router.push('/start')
    const page = mount(
      { template: '<RouterView />' },
      { attachTo: document.body, global: { ...globals, plugins: [...globals.plugins, router] } },
    )
    await useLibraryStore().refresh()
    useJobsStore().listen()
    await flushPromises()
    const press = async (text: string) => {
      const button = [...document.querySelectorAll('button')].find(entry => entry.textContent!.includes(text))
      button!.click()
      await flushPromises()
    }
    const opened = () => client.calls.filter(({ name }) => name === 'libraries.open' || name === 'libraries.create')
    const question = () => document.querySelector('[role=alertdialog]')?.textContent ?? null
    return { page, client, press, opened, question }
  }

  it('is opened at once where nothing is under way, and the open one always', async () => {
    for (const [name, state] of [
      ['Birds', 'done'],
      ['Clothing', 'running'],
    ] as const) {
      const { page, client, press, opened, question } = await start()
      client.emit('jobs', { id: 1, kind: 'import', state, done: 1, total: 9, error: null, result: {} })
      await press(name)
      expect([opened().length, question()]).toEqual([1, null])
      page.unmount()
    }
  })

  it('waits for an answer while photos are added; what is at rest does not ask', async () => {
    const { page, client, press, opened, question } = await start()
    const job = { id: 1, kind: 'import', state: 'running', done: 1, total: 9, perSecond: null, secondsLeft: null }
    client.emit('jobs', { ...job, error: null, result: {} })
    await press('Birds')
    expect([opened().length, question()]).toEqual([0, expect.stringContaining('Still at work: Adding photos.')])
    await press('Stay here')
    expect([opened().length, question()]).toEqual([0, null])
    client.emit('jobs', { ...job, state: 'paused', error: null, result: {} })
    await press('Birds')
    expect(opened().map(call => call.params)).toEqual([{ id: 'b' }])
    page.unmount()
  })

  it('is opened after the training has ended, and not before', async () => {
    const { page, press, opened, question } = await start()
    vi.stubGlobal(
      'Worker',
      class {
        postMessage() {}
      },
    )
    const training = useTrainingStore()
    training.phase = 'training'
    training.runId = 7
    await page.get('input').setValue('New one')
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(question()).toContain('A model is being trained.')
    await press('Open the other library')
    expect([training.phase, opened().length]).toEqual(['ending', 0])
    training.phase = 'idle'
    await flushPromises()
    expect(opened().map(call => call.params)).toEqual([{ name: 'New one' }])
    page.unmount()
    vi.unstubAllGlobals()
  })
})
