// Two hundred classes: the list folds and is searched by name, and what is mixed up stands as a list where a matrix
// would have forty thousand cells.

import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import ConfusionPanel from '../../../src/renderer/charts/ConfusionPanel.vue'
import ClassList from '../../../src/renderer/components/library/ClassList.vue'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

enableAutoUnmount(afterEach)

const classes = (count: number) => Array.from({ length: count }, (_, id) => ({ id, name: `Mütze ${id}`, photos: 4 }))

async function listed(count: number, classId?: number) {
  const client = fakeClient({
    'library.current': () => ({ id: 'a', photos: count * 4, unlabelled: 0, classes: classes(count) }),
  })
  let refresh!: () => Promise<void>
  const setup = () => {
    const library = useLibraryStore()
    refresh = library.refresh
    return { library, filter: classId === undefined ? {} : { classId } }
  }
  const wrapper = mount(
    { components: { ClassList }, setup, template: '<ClassList v-if="library.summary" :filter="filter" />' },
    { global: pageGlobals(client) },
  )
  await refresh()
  await flushPromises()
  return { wrapper, names: () => wrapper.findAll('.class-row .truncate').map(name => name.text()) }
}

describe('a long list of classes', () => {
  it('folds, keeps the class on show, and unfolds', async () => {
    const { wrapper, names } = await listed(200, 150)
    expect(names()).toHaveLength(25)
    expect(names().at(-1)).toBe('Mütze 150')
    const more = wrapper.get('[aria-expanded="false"]:not([aria-haspopup])')
    expect(more.text()).toBe('175 more classes')
    await more.trigger('click')
    expect(names()).toHaveLength(200)
  })

  it('is found by a part of a name, also typed as composed and decomposed letters', async () => {
    const { wrapper, names } = await listed(200)
    await wrapper.get('input[type=search]').setValue('MÜTZE 19'.normalize('NFD'))
    expect(names()).toEqual(['Mütze 19', ...Array.from({ length: 10 }, (_, i) => `Mütze ${190 + i}`)])
  })

  it('is left whole where it is short', async () => {
    const { wrapper, names } = await listed(24)
    expect([names().length, wrapper.find('input[type=search]').exists()]).toEqual([24, false])
  })
})

describe('the confusion of many classes', () => {
  const counts = (size: number) =>
    Array.from({ length: size }, (_, r) =>
      Array.from({ length: size }, (_, c) => (r === 3 && c === 4 ? 9 : r === c ? 2 : r === 0 && c === 1 ? 5 : 0)),
    )
  const panel = (size: number) =>
    mount(ConfusionPanel, {
      props: {
        matrix: { runId: 1, split: 'validation', classes: classes(size), counts: counts(size) },
        given: -1,
        predicted: -1,
      },
      global: pageGlobals(fakeClient()),
    })

  it('is a list of what is mixed up most, and a line opens its photos', async () => {
    const shown = panel(200)
    expect(shown.find('table').exists()).toBe(false)
    expect(shown.findAll('.choice').map(line => line.text())).toEqual(['Mütze 3→ Mütze 49', 'Mütze 0→ Mütze 15'])
    await shown.findAll('.choice')[0]!.trigger('click')
    expect(shown.emitted('open')).toEqual([[3, 4]])
  })

  it('is a table where its cells can be told apart', () => {
    expect(panel(12).findAll('td button')).toHaveLength(144)
  })
})
