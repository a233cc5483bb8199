// The viewer hears its own keys though the focus is in a dialog, those that decide about its photo, and no other of the
// view behind it.

import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import type { Photo } from '../../../src/contract/records.ts'
import PhotoViewer from '../../../src/renderer/components/photo/PhotoViewer.vue'
import type { ShortcutRegistry } from '../../../src/renderer/keyboard/registry.ts'
import { keyboardKey } from '../../../src/renderer/keyboard/use-shortcuts.ts'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

const photo: Photo = {
  id: 1,
  name: 'one.png',
  folder: '',
  classId: 1,
  className: 'hat',
  split: null,
  excluded: false,
  usable: true,
  width: 10,
  height: 10,
  format: 'png',
  sizeBytes: 1,
  problems: [],
  prediction: null,
}

describe('the photo viewer', () => {
  it('zooms and steps by keys from inside its dialog, and decides by those it is given unless something lies over it', async () => {
    const globals = pageGlobals(fakeClient())
    const { registry } = (globals.provide as Record<symbol, { registry: ShortcutRegistry }>)[keyboardKey as symbol]!
    const behind: string[] = []
    registry.add({
      name: 'photos',
      modal: false,
      shortcuts: [
        {
          id: 'photos.all',
          chords: ['KeyA'],
          run: () => {
            behind.push('a')
          },
        },
      ],
    })
    const decided: string[] = []
    const keys = [
      {
        id: 'photos.exclude',
        run: () => {
          decided.push('x')
        },
      },
    ]
    const wrapper = mount(PhotoViewer, {
      props: { open: true, photo, index: 0, total: 3, keys },
      global: globals,
      attachTo: document.body,
    })
    await nextTick()
    const dialog = document.querySelector('[role=dialog]')!
    const press = async (code: string) => {
      const event = new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true })
      Object.defineProperty(event, 'target', { value: dialog })
      registry.handle(event)
      await nextTick()
    }
    expect(dialog.textContent, 'not 100 %, which it is not').toMatch(/whole photo(?!.*100)/)
    await press('Equal')
    expect(dialog.textContent).toContain('150')
    await press('ArrowRight')
    await press('KeyX')
    await press('KeyA')
    expect(wrapper.emitted('step')).toEqual([[1]])
    expect(behind).toEqual([])
    await wrapper.setProps({ quiet: true })
    await press('KeyX')
    expect(decided).toEqual(['x'])
    wrapper.unmount()
  })
})
