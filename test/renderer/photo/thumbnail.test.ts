// The small picture of a photo, and the sign in its place where its file is gone.

import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import Thumbnail from '../../../src/renderer/components/photo/Thumbnail.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

it('gives way to a sign where the file cannot be read, and comes back for the next photo', async () => {
  const shown = mount(Thumbnail, { props: { photoId: 3 }, global: pageGlobals(fakeClient()) })
  await shown.get('img').trigger('error')
  expect([shown.find('img').exists(), shown.find('svg').exists()]).toEqual([false, true])
  await shown.setProps({ photoId: 4 })
  expect(shown.get('img').attributes('src')).toContain('"photoId":4')
  shown.unmount()
})
