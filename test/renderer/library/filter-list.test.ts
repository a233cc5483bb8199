// What Library offers to show: splits are those that the photos have or, where they have none of their own, those that
// the newest run gave them, so that the list and the run say one thing.

import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import FilterList from '../../../src/renderer/components/library/FilterList.vue'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import { useRunsStore } from '../../../src/renderer/stores/models/runs.ts'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

enableAutoUnmount(afterEach)

async function list(splits: object, runSplits: object | null) {
  const client = fakeClient({
    'library.current': () => ({
      id: 'a',
      photos: 300,
      classes: [],
      splits,
      runSplits,
      runs: 0,
      withProblems: 0,
      excluded: 0,
    }),
    'runs.list': () => [{ id: 7, name: 'Run 7', state: 'running', settings: {} }],
    'suspects.list': () => [],
  })
  const Host = {
    components: { FilterList },
    setup: () => ({ library: useLibraryStore() }),
    template: '<FilterList v-if="library.summary" :filter="{}" />',
  }
  const page = mount(Host, { global: pageGlobals(client) })
  await useLibraryStore().refresh()
  await useRunsStore().refresh()
  await flushPromises()
  const shown = page.findComponent(FilterList)
  const lines = shown.findAll('.choices')[1]!
  return {
    shown,
    lines,
    texts: lines.findAll('button').map(button => button.text()),
    said: lines.find('p').exists() ? lines.get('p').text() : '',
  }
}

describe('splits', () => {
  it('are those of the newest run where the photos have none of their own', async () => {
    const { shown, lines, texts, said } = await list(
      { train: 0, validation: 0, test: 0, none: 300 },
      { runId: 7, train: 210, validation: 45, test: 45 },
    )
    expect(texts).toEqual(['Train210', 'Validation45', 'Test45', 'No split300'])
    expect(said).toContain('As this run divided them: Run 7.')
    await lines.findAll('button')[1]!.trigger('click')
    expect(shown.emitted('show')).toEqual([[{ runId: 7, runSplit: 'validation' }]])
  })

  it('are not told as none before a first run, but as to come', async () => {
    const { texts, said } = await list({ train: 0, validation: 0, test: 0, none: 300 }, null)
    expect([texts, said]).toEqual([
      ['Train0', 'Validation0', 'Test0', 'No split300'],
      'Photos without a split are divided when a model is trained.',
    ])
  })

  it('are the own ones of photos that have them', async () => {
    const { texts, said } = await list(
      { train: 200, validation: 60, test: 40, none: 0 },
      { runId: 7, train: 200, validation: 60, test: 40 },
    )
    expect([texts, said]).toEqual([['Train200', 'Validation60', 'Test40'], ''])
  })
})
