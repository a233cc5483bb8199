// What is dropped on the window: folders by their place in the desktop shell, the dialog with a sentence in a browser
// tab, a photo for a model.

import { createPinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { createApp, shallowRef } from 'vue'
import { connectionKey } from '../../../src/renderer/api/client-key.ts'
import type { DesktopFolders } from '../../../src/renderer/api/client-key.ts'
import { useAddingStore } from '../../../src/renderer/stores/library/adding.ts'
import { fakeClient } from '../fake-client.ts'

const folder = new File([], 'birds')
const photo = new File([Uint8Array.of(1)], 'owl.jpg', { type: 'image/jpeg' })

function store(folders: DesktopFolders | null) {
  const app = createApp({})
  app.use(createPinia()).provide(connectionKey, {
    client: fakeClient(),
    state: shallowRef('open'),
    epoch: shallowRef(0),
    connectWorker: () => {},
    folders,
  } as never)
  return app.runWithContext(() => useAddingStore())
}

describe('a drop', () => {
  it('of folders on the desktop opens the dialog with them', async () => {
    const adding = store({
      grant: async files => files.map(file => ({ id: `id of ${file.name}`, name: file.name })),
      chooseFolders: async () => [],
    })
    expect(await adding.drop([folder], [{ isDirectory: true }])).toBe('folders')
    expect([adding.open, adding.untold, adding.places]).toEqual([true, false, [{ id: 'id of birds', name: 'birds' }]])
  })

  it('of folders on a tab opens the dialog and says that their place is not told', async () => {
    const adding = store(null)
    expect(await adding.drop([folder], [{ isDirectory: true }])).toBe('untold')
    expect([adding.open, adding.untold, adding.places]).toEqual([true, true, []])
    adding.begin()
    expect(adding.untold).toBe(false)
  })

  it('of one photo is for a model, and taken once', async () => {
    const adding = store(null)
    expect(await adding.drop([photo], [{ isDirectory: false }])).toBe('photo')
    expect(adding.open).toBe(false)
    expect(adding.takePhoto()).toBe(photo)
    expect(adding.takePhoto()).toBeNull()
    expect(await adding.drop([photo, photo], [{ isDirectory: false }, { isDirectory: false }])).toBe('untold')
  })
})
