// The start: a recent library that is gone says so and is no longer offered.

import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { ServiceError } from '../../../src/contract/errors.ts'
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
