// What the Add dialog says of folder names that allow two readings, and of folders that are left out.

import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { ImportPreview } from '../../../src/contract/records.ts'
import ImportPreviewNote from '../../../src/renderer/components/library/ImportPreviewNote.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

const preview: ImportPreview = {
  photos: 3,
  skipped: 0,
  classes: [{ name: 'bus', photos: 1 }],
  splits: [{ name: 'train', photos: 2 }],
  skippedFolders: [{ path: 'old/@eaDir', reason: 'system' }],
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
  expect(note(preview).get('details').text()).toMatch(/1 folder is left out.*old\/@eaDir: made by a system/)
  expect(
    note({ ...preview, skippedFolders: [], other: null })
      .find('details')
      .exists(),
  ).toBe(false)
})
