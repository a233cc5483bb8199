// The grid as a component: only rows in view are in the document, the row with the focus stays there when it scrolls
// out, keys move the focus, one listener answers clicks of all cells, and a scroll that shows the same rows renders
// nothing.

import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { Photo } from '../../../src/contract/records.ts'
import PhotoGrid from '../../../src/renderer/components/photo/PhotoGrid.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

vi.mock('@vueuse/core', async original => {
  const { ref } = await import('vue')
  return { ...(await original<object>()), useElementSize: () => ({ width: ref(1000), height: ref(600) }) }
})

// Pictures have no service here: each cell falls back to its photo's own address.
vi.stubGlobal('fetch', () => Promise.reject(new Error('not in this test')))

const photo = (id: number): Photo => ({
  id,
  name: `photo ${id}`,
  folder: '',
  classId: 1,
  className: 'hat',
  split: null,
  excluded: id === 3,
  usable: id !== 5,
  width: 10,
  height: 10,
  format: id === 4 ? 'gif' : 'png',
  sizeBytes: 1,
  problems: [],
  prediction: null,
})

describe('the grid of photos', () => {
  let asked: number
  let wrapper: ReturnType<typeof mount<typeof PhotoGrid>>
  beforeEach(() => {
    asked = 0
    wrapper = mount(PhotoGrid, {
      props: {
        total: 100_000,
        size: 120,
        label: 'Photos',
        focus: 0,
        at: (index: number) => {
          asked++
          return photo(index)
        },
        isSelected: (id: number) => id === 2,
      },
      global: pageGlobals(fakeClient()),
      attachTo: document.body,
    })
  })
  afterEach(() => wrapper.unmount())
  const indices = () => wrapper.findAll('[role=gridcell]').map(cell => Number(cell.attributes('data-index')))
  async function scrollTo(top: number): Promise<void> {
    wrapper.element.scrollTop = top
    await wrapper.trigger('scroll')
  }

  it('mounts the rows in view of 100,000 photos and says how many there are', () => {
    expect(indices().length).toBeLessThan(100)
    expect(wrapper.find('[role=grid]').attributes('aria-rowcount')).toBe('14286')
    expect(wrapper.find('[data-index="2"]').attributes('aria-selected')).toBe('true')
    expect(wrapper.find('[data-index="3"]').attributes('aria-label')).toContain('excluded')
    expect(wrapper.find('[data-index="4"]').text()).toContain('GIF')
    expect(wrapper.find('[data-index="4"]').attributes('aria-label')).toContain('first frame used')
    expect(wrapper.find('[data-index="5"] .mark').attributes('title')).toBe('not usable')
    expect(wrapper.find('[data-index="6"] .mark').exists()).toBe(false)
  })

  it('keeps the row with the focus when it scrolls out', async () => {
    wrapper.find<HTMLElement>('[data-index="0"]').element.focus()
    await scrollTo(500_000)
    expect(indices()).toContain(0)
    expect(Math.max(...indices())).toBeGreaterThan(20_000)
    expect(document.activeElement?.getAttribute('data-index')).toBe('0')
  })

  it('renders nothing for a scroll within the same rows', async () => {
    await scrollTo(300)
    const before = asked
    await scrollTo(302)
    expect(asked).toBe(before)
    await scrollTo(900)
    expect(asked).toBeGreaterThan(before)
  })

  it('moves by keys, extends with Shift, and leaves other chords alone', async () => {
    const grid = wrapper.find('[role=grid]')
    await grid.trigger('keydown', { code: 'ArrowDown' })
    await grid.trigger('keydown', { code: 'End', shiftKey: true })
    await grid.trigger('keydown', { code: 'ArrowDown', ctrlKey: true })
    await grid.trigger('keydown', { code: 'KeyX' })
    expect(wrapper.emitted('move')).toEqual([
      [7, false],
      [99_999, true],
    ])
  })

  it('marks the photo with the focus while nothing of the page has it, and moves on from there', async () => {
    expect(wrapper.findAll('.current').map(cell => cell.attributes('data-index'))).toEqual(['0'])
    document.body.dispatchEvent(new KeyboardEvent('keydown', { code: 'ArrowRight', bubbles: true }))
    expect(wrapper.emitted('move')).toEqual([[1, false]])
  })

  it('hears clicks of any cell, and of none between them', async () => {
    await wrapper.find('[data-index="5"] .label').trigger('click')
    await wrapper.find('[data-index="6"]').trigger('dblclick')
    await wrapper.find('[role=grid]').trigger('click')
    expect(wrapper.emitted('pick')!.map(([index]) => index)).toEqual([5])
    expect(wrapper.emitted('open')).toEqual([[6]])
  })

  it('asks for what comes into view', async () => {
    await nextTick()
    const [first, end] = wrapper.emitted('need')!.at(-1) as [number, number]
    expect(first).toBe(0)
    expect(end).toBeGreaterThanOrEqual(35)
  })
})
