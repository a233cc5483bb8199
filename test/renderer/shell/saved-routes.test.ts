// Where each stage was left: the links across the top lead back there, until another library or, for what shows runs,
// another run makes it stale.

import { beforeEach, describe, expect, it } from 'vitest'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import { useSavedRoutesStore } from '../../../src/renderer/stores/shell/saved-routes.ts'
import { useRunsStore } from '../../../src/renderer/stores/models/runs.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage } from '../in-page.ts'

async function page() {
  const service = { library: 'a', run: 1 }
  const client = fakeClient({
    'library.current': () => ({ id: service.library }),
    'runs.list': () => [{ id: service.run, state: 'done', settings: {} }],
    'suspects.list': () => [],
    'suspects.find': () => ({}),
  })
  const { library, runs, savedRoutes } = inPage(client, () => ({
    library: useLibraryStore(),
    runs: useRunsStore(),
    savedRoutes: useSavedRoutesStore(),
  }))
  const change = async (next: Partial<typeof service>) => {
    Object.assign(service, next)
    await library.refresh()
    await runs.refresh()
  }
  await change({})
  return { savedRoutes, change }
}
const hats = { name: 'library', params: {}, query: { classId: '2' } } as const
const cell = { name: 'review', params: { runId: '1' }, query: { givenClassId: '2', predictedClassId: '3' } } as const

describe('the link of a stage', () => {
  beforeEach(() => sessionStorage.clear())

  it('leads to where the stage was left, with its scroll, and on the stage itself to its beginning', async () => {
    const { savedRoutes } = await page()
    savedRoutes.leave(hats, { scrolled: { list: 'hats', first: 40 }, position: 3 })
    expect(savedRoutes.linkTo('library', 'clean')).toEqual({
      ...hats,
      state: { scrolled: { list: 'hats', first: 40 } },
    })
    expect(savedRoutes.linkTo('library', 'library')).toEqual({ name: 'library' })
    expect(savedRoutes.linkTo('clean', 'library')).toEqual({ name: 'clean' })
  })

  it('knows nothing of another library', async () => {
    const { savedRoutes, change } = await page()
    savedRoutes.leave(hats, null)
    await change({ library: 'b' })
    expect(savedRoutes.linkTo('library', 'clean')).toEqual({ name: 'library' })
  })

  it('leads Review to a new run, and the library still to its filter', async () => {
    const { savedRoutes, change } = await page()
    savedRoutes.leave(hats, null)
    savedRoutes.leave(cell, null)
    expect(savedRoutes.linkTo('review', 'library')).toEqual(cell)
    await change({ run: 2 })
    expect(savedRoutes.linkTo('review', 'library')).toEqual({ name: 'review' })
    expect(savedRoutes.linkTo('library', 'review')).toEqual(hats)
  })

  it('never leads back to a run in Train', async () => {
    const { savedRoutes } = await page()
    savedRoutes.leave({ name: 'train', params: { runId: '1' }, query: {} }, null)
    expect(savedRoutes.linkTo('train', 'library')).toEqual({ name: 'train' })
  })
})
