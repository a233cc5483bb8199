// Runs a function where the page's stores and composables work: inside a mounted component with Pinia, translations,
// keyboard and a client.

import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { defineComponent, shallowRef } from 'vue'
import { connectionKey } from '../../src/renderer/api/client-key.ts'
import type { Connection } from '../../src/renderer/api/client-key.ts'
import { createTranslations } from '../../src/renderer/i18n/index.ts'
import { createRegistry } from '../../src/renderer/keyboard/registry.ts'
import type { ShortcutScope } from '../../src/renderer/keyboard/registry.ts'
import { keyboardKey } from '../../src/renderer/keyboard/use-shortcuts.ts'
import type { FakeClient } from './fake-client.ts'

/** What every component of the page finds provided. */
export function pageGlobals(client: FakeClient) {
  const active = shallowRef<readonly ShortcutScope[]>([])
  const registry = createRegistry({ singleKeys: () => true, remapped: () => ({}) }, () => {
    active.value = registry.active()
  })
  const connection = {
    client,
    state: shallowRef('open'),
    epoch: shallowRef(0),
    connectWorker: () => {},
  } as unknown as Connection
  return {
    plugins: [createPinia(), createTranslations('en')],
    provide: { [connectionKey as symbol]: connection, [keyboardKey as symbol]: { registry, active } },
  }
}

/** What `make` returns, made inside a mounted component. */
export function inPage<T>(client: FakeClient, make: () => T): T {
  let made: T | undefined
  mount(
    defineComponent({
      setup() {
        made = make()
        return () => null
      },
    }),
    { global: pageGlobals(client) },
  )
  return made!
}

/** Lets answers of the fake client and watchers run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
