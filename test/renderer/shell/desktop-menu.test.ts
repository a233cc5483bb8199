// What the menu of the desktop shell does in the page: the shortcut of the same name, wherever it listens; and Undo in
// a text field stays the field's.

import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { defineComponent } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { connectionKey } from '../../../src/renderer/api/client-key.ts'
import type { ShortcutRegistry } from '../../../src/renderer/keyboard/registry.ts'
import { useDesktopMenu } from '../../../src/renderer/keyboard/use-desktop-menu.ts'
import { keyboardKey } from '../../../src/renderer/keyboard/use-shortcuts.ts'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

function shell() {
  const globals = pageGlobals(fakeClient())
  let run: (command: string) => void = () => {}
  const connection = {
    ...(globals.provide[connectionKey as symbol] as object),
    menu: {
      setLanguage: () => {},
      onCommand: (listener: typeof run) => {
        run = listener
      },
    },
  }
  const { registry } = globals.provide[keyboardKey as symbol] as { registry: ShortcutRegistry }
  const heard: string[] = []
  const listen = (id: string) => ({
    id,
    chords: [],
    run: () => {
      heard.push(id)
    },
  })
  registry.add({ name: 'app', modal: false, shortcuts: ['app.undo', 'app.sheet', 'app.review'].map(listen) })
  const stub = { render: () => null }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: stub },
      { path: '/start', name: 'start', component: stub },
    ],
  })
  mount(
    defineComponent({
      setup() {
        useDesktopMenu()
        return () => null
      },
    }),
    {
      global: {
        plugins: [...globals.plugins, router],
        provide: { ...globals.provide, [connectionKey as symbol]: connection },
      },
    },
  )
  return { choose: (command: string) => run(command), heard, router }
}

describe('the menu of the desktop shell', () => {
  it('does what the keys of the same name do', () => {
    const { choose, heard } = shell()
    for (const command of ['undo', 'keys', 'review', 'train']) choose(command)
    expect(heard).toEqual(['app.undo', 'app.sheet', 'app.review'])
  })

  it('leads to the libraries', async () => {
    const { choose, router } = shell()
    choose('libraries')
    await new Promise(resolve => setTimeout(resolve, 0))
    expect(router.currentRoute.value.name).toBe('start')
  })

  it('undoes text in a text field, not a decision', () => {
    const { choose, heard } = shell()
    const field = document.body.appendChild(document.createElement('input'))
    field.focus()
    const asked: string[] = []
    document.execCommand = command => {
      asked.push(command)
      return true
    }
    choose('undo')
    field.remove()
    expect([heard, asked]).toEqual([[], ['undo']])
  })
})
