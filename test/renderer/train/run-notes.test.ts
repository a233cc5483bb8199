// Remarks of a run: only what went wrong carries a sign.

import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import RunNotes from '../../../src/renderer/components/train/RunNotes.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

it('marks what went wrong and leaves plain remarks plain', () => {
  const notes = [
    { type: 'note', code: 'resumed', message: 'Training goes on from step 8.', step: 8 },
    { type: 'note', code: 'device-lost', warning: true, message: 'The GPU stopped answering.', step: 9 },
  ] as const
  const lines = mount(RunNotes, {
    props: { notes: [...notes], version: 0 },
    global: pageGlobals(fakeClient()),
  }).findAll('p')
  expect(lines.map(line => [line.text(), line.find('[aria-label="Warning"]').exists()])).toEqual([
    ['Training goes on from step 8.', false],
    ['! The GPU stopped answering.', true],
  ])
})
