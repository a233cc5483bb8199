// Train by its address: a run that began elsewhere a moment ago stays on screen, one that is gone leads back to the
// set-up.

import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import { useRunsStore } from '../../../src/renderer/stores/models/runs.ts'
import TrainView from '../../../src/renderer/views/TrainView.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

const run = {
  id: 7,
  name: 'Run 7',
  state: 'running',
  settings: { epochs: 3, preset: 'softmax' },
  photos: { train: 1, validation: 1, test: 0 },
  classes: [],
  summary: null,
}

const stub = { template: '<div />' }

/** Train at the address of run 7, which the list of runs lacks; `listed` is what the service says when it is asked
 *  again. */
async function openRun(listed: readonly unknown[]) {
  let list: readonly unknown[] = []
  const client = fakeClient({
    'library.current': () => ({ id: 'a', classes: [{ id: 1, name: 'hat', photos: 2 }] }),
    'runs.list': () => list,
    'runs.get': () => run,
    'runs.events': () => [],
    'runs.rows': () => ({ photoIds: [], labels: [], splits: [], numbers: [] }),
    'suspects.list': () => [],
  })
  const globals = pageGlobals(client)
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/library', name: 'library', component: stub },
      { path: '/train/:runId(\\d+)?', name: 'train', component: TrainView },
    ],
  })
  await router.push('/train')
  const page = mount(
    { template: '<RouterView />' },
    {
      global: {
        ...globals,
        plugins: [...globals.plugins, router],
        stubs: { TrainSetup: stub, StageFrame: stub, RouterLink: stub },
      },
    },
  )
  await useLibraryStore().refresh()
  await useRunsStore().refresh()
  list = listed
  await router.push('/train/7')
  await flushPromises()
  await flushPromises()
  const { fullPath } = router.currentRoute.value
  page.unmount()
  return fullPath
}

it('a run that failed before its first step shows why, and no empty charts', async () => {
  const failed = {
    ...run,
    state: 'failed',
    error: { code: 'shape-mismatch', message: 'The photos are too small.', fix: 'Take larger ones.' },
  }
  const client = fakeClient({
    'library.current': () => ({ id: 'a', classes: [{ id: 1, name: 'hat', photos: 2 }] }),
    'runs.list': () => [failed],
    'runs.get': () => failed,
    'runs.events': () => [],
    'runs.rows': () => ({ photoIds: [], labels: [], splits: [], numbers: [] }),
    'suspects.list': () => [],
  })
  const globals = pageGlobals(client)
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/train/:runId(\\d+)?', name: 'train', component: TrainView }],
  })
  await router.push('/train/7')
  const frame = { template: '<div><slot /><slot name="right" /></div>' }
  const page = mount(
    { template: '<RouterView />' },
    {
      global: {
        ...globals,
        plugins: [...globals.plugins, router],
        stubs: { StageFrame: frame, RouterLink: stub, RunChart: { template: '<i class="chart" />' } },
      },
    },
  )
  await useLibraryStore().refresh()
  await useRunsStore().refresh()
  await flushPromises()
  expect(page.text()).toContain('The photos are too small.')
  expect(page.text()).toContain('ended before it had learnt anything')
  expect(page.text()).not.toContain('Predictions appear')
  expect(page.findAll('.chart')).toHaveLength(0)
  page.unmount()
})

describe('a run that the list does not know', () => {
  it('stays on screen where the list was older than it', async () => {
    expect(await openRun([run])).toBe('/train/7')
  })
  it('leads back to the set-up where it is gone', async () => {
    expect(await openRun([])).toBe('/train')
  })
})
