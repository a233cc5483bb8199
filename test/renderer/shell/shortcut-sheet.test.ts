// The sheet of keys: a line takes another key, a taken key is named, and what was chosen is remembered.

import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import ShortcutSheet from '../../../src/renderer/components/shell/ShortcutSheet.vue'
import { useSettingsStore } from '../../../src/renderer/stores/shell/settings.ts'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

describe('the sheet of keys', () => {
  let wrapper: ReturnType<typeof mount>
  const lines = () => [...document.querySelectorAll<HTMLButtonElement>('[role=dialog] .choice')]
  const line = (text: string) => lines().find(button => button.textContent.startsWith(text))!
  const press = async (code: string) => {
    document
      .querySelector('[role=dialog]')!
      .dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true }))
    await nextTick()
  }

  beforeEach(async () => {
    localStorage.clear()
    wrapper = mount(ShortcutSheet, {
      props: { open: true },
      global: pageGlobals(fakeClient()),
      attachTo: document.body,
    })
    await nextTick()
  })
  afterEach(() => wrapper.unmount())

  it('shows every scope, also those that do not listen now', () => {
    const titles = [...document.querySelectorAll('[role=dialog] h2.small')].map(title => title.textContent)
    expect(titles).toEqual(['Everywhere', 'Photos', 'Photo viewer', 'Review', 'Training'])
  })

  it('gives a shortcut another key and keeps it', async () => {
    line('keep the label').click()
    await nextTick()
    await press('KeyJ')
    expect(line('keep the label').textContent).toContain('J')
    expect(useSettingsStore().keys).toEqual({ 'review.keep': 'KeyJ' })
    expect(JSON.parse(localStorage.getItem('winnow.keys')!)).toEqual({ 'review.keep': 'KeyJ' })
  })

  it('names what has the key already, and changes nothing', async () => {
    line('keep the label').click()
    await nextTick()
    await press('KeyU')
    expect(document.querySelector('[role=alert]')!.textContent).toContain('U is already used by: not sure')
    expect(useSettingsStore().keys).toEqual({})
  })

  it('lets the digits be what they are', () => {
    expect(line('label').disabled).toBe(true)
  })

  it('waits for no key any more when it is opened again', async () => {
    line('exclude').click()
    await nextTick()
    expect(line('exclude').textContent).toContain('Press the new key')
    await wrapper.setProps({ open: false })
    await wrapper.setProps({ open: true })
    await nextTick()
    await press('KeyQ')
    expect(line('exclude').textContent).not.toContain('Press the new key')
    expect(useSettingsStore().keys).toEqual({})
  })
})
