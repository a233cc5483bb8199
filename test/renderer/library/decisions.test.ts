// Decisions about photos: shown at once, told in a sentence with Undo, taken back by their own id, and put right on
// screen where they could not be stored.

import { beforeEach, describe, expect, it } from 'vitest'
import type { Decision, Photo } from '../../../src/contract/records.ts'
import { ServiceError } from '../../../src/contract/errors.ts'
import { useDecisionsStore } from '../../../src/renderer/stores/decisions/decisions.ts'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import { usePhotosStore } from '../../../src/renderer/stores/library/photos.ts'
import { useToastsStore } from '../../../src/renderer/stores/shell/toasts.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage } from '../in-page.ts'

const photo = (id: number): Photo => ({
  id,
  name: `photo ${id}`,
  folder: '',
  classId: 1,
  className: 'hat',
  split: 'train',
  excluded: false,
  usable: true,
  width: 1,
  height: 1,
  format: 'png',
  sizeBytes: 1,
  problems: [],
  prediction: null,
})
const decision = (kind: string, changed = 2, values: Decision['values'] = {}): Decision => ({
  id: 5,
  changed,
  text: `the service's own words for ${kind}`,
  kind,
  values,
})

async function page() {
  const client = fakeClient({
    'photos.page': () => ({ total: 3, photos: [1, 2, 3].map(photo) }),
    'photos.label': () => decision('label'),
    'photos.exclude': () => decision('exclude'),
    'photos.split': () => decision('split'),
    'history.undo': () => decision('undo', 2, { of: 'label', class: 'skirt' }),
    'history.redo': () => decision('redo', 2, { of: 'label', class: 'skirt' }),
    'library.current': () => null,
  })
  const stores = inPage(client, () => ({
    decisions: useDecisionsStore(),
    photos: usePhotosStore(),
    toasts: useToastsStore(),
    library: useLibraryStore(),
  }))
  stores.library.summary = { id: 'a', classes: [{ id: 2, name: 'skirt' }] } as never
  await stores.photos.show({ split: 'train' }, 'added')
  const { photos, toasts } = stores
  return {
    client,
    ...stores,
    told: () => toasts.said.at(-1)!,
    shown: (key: keyof Photo) => [0, 1, 2].map(index => photos.at(index)![key]),
  }
}

describe('a decision', () => {
  beforeEach(() => localStorage.clear())

  it('is on screen before it is stored, and told with its count', async () => {
    const { decisions, shown, told } = await page()
    const stored = decisions.label({ ids: [1, 2] }, 2)
    expect(shown('className')).toEqual(['skirt', 'skirt', 'hat'])
    await stored
    expect(told().text).toBe('2 photos labelled skirt')
    await decisions.label({ ids: [3] }, null)
    expect([shown('className')[2], told().text]).toEqual([null, 'Label taken from 2 photos'])
    await decisions.split({ ids: [1] }, 'test')
    expect([shown('split')[0], told().text]).toEqual(['test', '2 photos moved to Test'])
  })

  it('about a whole list is on screen where that list is shown, but for those left out', async () => {
    const { decisions, photos, shown } = await page()
    await decisions.exclude({ filter: photos.filter, except: [2] }, true)
    expect(shown('excluded')).toEqual([true, false, true])
    await decisions.exclude({ filter: { split: 'test' } }, false)
    expect(shown('excluded'), 'another list').toEqual([true, false, true])
  })

  it('is taken back by its own id, and done again from the sentence that says so', async () => {
    const { client, decisions, toasts, told } = await page()
    await decisions.label({ ids: [1] }, 2)
    told().action!.run()
    await expect.poll(() => told().text).toBe('Undone: 2 photos labelled skirt')
    told().action!.run()
    await expect.poll(() => told().text).toBe('Done again: 2 photos labelled skirt')
    expect(client.calls.filter(({ name }) => name.startsWith('history.'))).toEqual([
      { name: 'history.undo', params: { decisionId: 5 } },
      { name: 'history.redo', params: {} },
    ])
    expect(toasts.failures).toEqual([])
  })

  it('that changed nothing offers no Undo', async () => {
    const { client, decisions, told } = await page()
    client.answer('photos.exclude', () => decision('exclude', 0))
    await decisions.exclude({ ids: [1] }, true)
    expect([told().text, told().action]).toEqual(['Nothing changed: these photos were like that already.', null])
    await decisions.record(async () => decision('keep', 0))
    expect(told().action).toBeNull()
    await decisions.record(async () => decision('class-rename', 0, { was: 'hat', class: 'cap' }))
    expect([told().text, told().action?.label], 'a class may change without any photo').toEqual([
      'Class renamed: hat → cap',
      'Undo',
    ])
  })

  it('that the page has no words for is told in those of the service', async () => {
    const { decisions, told } = await page()
    await decisions.record(async () => decision('a-new-kind'))
    expect(told().text).toBe("the service's own words for a-new-kind")
  })

  it('that could not be stored is told, and what is on screen is read anew', async () => {
    const { client, decisions, toasts, shown } = await page()
    client.answer('photos.exclude', () => {
      throw new ServiceError('disk-full', 'No room.', 'Make room.')
    })
    expect(await decisions.exclude({ ids: [1] }, true)).toBeNull()
    expect([toasts.failures.length, shown('excluded')[0]]).toEqual([1, false])
    client.answer('history.undo', () => {
      throw new ServiceError('nothing-to-undo', 'Nothing to undo.', '')
    })
    expect([await decisions.undo(), toasts.failures.length]).toEqual([false, 2])
  })
})
