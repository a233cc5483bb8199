// Sides of a narrow window: each lies over the button that opened it, so it can be closed from within, and the focus is
// never left behind.

import { enableAutoUnmount, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import StageFrame from '../../../src/renderer/components/ui/StageFrame.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

enableAutoUnmount(afterEach)

describe('a side that is folded away', () => {
  const frame = () =>
    mount(StageFrame, {
      slots: { left: '<p>list</p>', right: '<p>details</p>' },
      global: pageGlobals(fakeClient()),
      attachTo: document.body,
    })

  it('opens with the focus in it, and gives it back when it is closed from within', async () => {
    const shown = frame()
    for (const side of ['left', 'right']) {
      await shown.get(`[data-side=${side}]`).trigger('click')
      await nextTick()
      const close = shown.get(`.side.${side} > .side-close`)
      expect([shown.get(`.side.${side}`).classes('open'), document.activeElement]).toEqual([true, close.element])
      await close.trigger('click')
      expect([shown.get(`.side.${side}`).classes('open'), document.activeElement]).toEqual([
        false,
        shown.get(`[data-side=${side}]`).element,
      ])
    }
  })

  it('makes way for the other one, and for Escape', async () => {
    const shown = frame()
    const open = () => shown.findAll('.side').map(side => side.classes('open'))
    await shown.get('[data-side=left]').trigger('click')
    await shown.get('[data-side=right]').trigger('click')
    expect(open()).toEqual([false, true])
    await shown.get('.side.right').trigger('keydown', { key: 'Escape' })
    expect(open()).toEqual([false, false])
  })
})
