// What the Add dialog says of folder names that allow two readings, and of folders that are left out.

import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { ImportPreview } from '../../../src/contract/records.ts'
import ImportPreviewNote from '../../../src/renderer/components/library/ImportPreviewNote.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

const preview: ImportPreview = {
  photos: 3,
  already: 0,
  moved: 0,
  relabelled: 0,
  skipped: 0,
  skippedFiles: [],
  notes: [],
  classes: [{ name: 'bus', photos: 1 }],
  splits: [{ name: 'train', photos: 2 }],
  skippedFolders: [{ path: 'old/@eaDir', reason: 'system', files: 2 }],
  other: {
    layout: 'classes',
    classes: [
      { name: 'bus', photos: 1 },
      { name: 'train', photos: 2 },
    ],
    splits: [],
  },
}
const note = (given: ImportPreview, asked?: 'splits' | 'classes') =>
  mount(ImportPreviewNote, { props: { preview: given, asked }, global: pageGlobals(fakeClient()) })

it('offers the other reading with its counts, and the way back', async () => {
  const shown = note(preview)
  expect(shown.text()).toContain('The folder names can be read in another way: 2 classes, 0 splits.')
  await shown.get('button').trigger('click')
  expect(shown.emitted('read')).toEqual([['classes']])
  const other = note({ ...preview, other: null }, 'classes')
  expect(other.text()).not.toContain('another way')
  await other.get('button').trigger('click')
  expect(other.emitted('read')).toEqual([[undefined]])
})

it('names each folder that is left out with its reason', () => {
  expect(note(preview).get('details').text()).toMatch(
    /1 folder is left out.*old\/@eaDir: made by a system\s+\(2 files\)/,
  )
  expect(
    note({ ...preview, skippedFolders: [], other: null })
      .find('details')
      .exists(),
  ).toBe(false)
})

it('says what the library has already, and asks about photos that have moved', async () => {
  const shown = note({
    ...preview,
    already: 2,
    moved: 1,
    relabelled: 3,
    skipped: 1,
    skippedFiles: [{ reason: 'archive', files: 1, example: 'more.zip' }],
    notes: [
      { code: 'list-encoding', values: { name: 'l.csv', encoding: 'cp949' }, text: 'The list l.csv is read as cp949.' },
    ],
  })
  for (const text of [
    '2 of them are in the library already',
    '1 of them is in the library, but gone from where it was',
    '3 photos of the library get another label by the list',
    'The list l.csv is read as cp949.',
    'an archive inside, which is not opened: 1 (more.zip)',
  ])
    expect(shown.text()).toContain(text)
  await shown.get('input[type=checkbox]').setValue(false)
  expect(shown.emitted('update:follow')).toEqual([[false]])
})
