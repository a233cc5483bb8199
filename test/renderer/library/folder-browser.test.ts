// The list of places by keyboard: the focus goes along into the folder that was opened, and arrows walk the list.

import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import FolderBrowser from '../../../src/renderer/components/library/FolderBrowser.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals, settled } from '../in-page.ts'

const folders = {
  last: {
    id: 'home',
    name: 'home',
    parentId: null,
    imageFiles: 0,
    entries: [
      { id: 'a', name: 'attic' },
      { id: 'p', name: 'photos' },
    ],
  },
  p: { id: 'p', name: 'photos', parentId: 'home', imageFiles: 12, entries: [] },
} as const

it('keeps the focus in the list from folder to folder, and puts it on the choice where there is none below', async () => {
  const client = fakeClient({ 'folders.list': ({ id }: { id: string | null }) => folders[id as keyof typeof folders] })
  const places = mount(FolderBrowser, { global: pageGlobals(client), attachTo: document.body })
  const focused = () => document.activeElement?.textContent
  const press = (code: string) =>
    document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true }))
  await settled()
  expect(focused()).toBe('attic')
  press('ArrowDown')
  expect(focused()).toBe('photos')
  press('ArrowDown')
  expect(focused()).toBe('photos')
  press('ArrowUp')
  expect(focused()).toBe('attic')
  press('ArrowDown')
  ;(document.activeElement as HTMLButtonElement).click()
  await settled()
  expect(focused()).toBe(places.findAll('.button').at(-1)!.text())
  places.unmount()
})

it('goes one folder deep by a double click, and shows the folder asked for last', async () => {
  const answers = new Map<string, () => void>()
  const client = fakeClient({
    'folders.list': ({ id }: { id: string }) =>
      new Promise(resolve => {
        answers.set(id, () => resolve(folders[id as 'p'] ?? { ...folders.p, id, name: id }))
      }),
  })
  const places = mount(FolderBrowser, { global: pageGlobals(client), attachTo: document.body })
  answers.get('last')!()
  await settled()
  const [attic, photos] = places.findAll('.choice')
  await attic!.trigger('click', { detail: 1 })
  await attic!.trigger('click', { detail: 2 })
  await photos!.trigger('click', { detail: 1 })
  expect(client.calls.map(call => call.params)).toEqual([{ id: 'last' }, { id: 'a' }, { id: 'p' }])
  answers.get('p')!()
  await settled()
  answers.get('a')!()
  await settled()
  expect(places.get('strong').text()).toBe('photos')
  places.unmount()
})
