// What a view puts into the address does not call off the way to another one.

import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { useOwnQuery } from '../../../src/renderer/views/use-own-query.ts'

it('goes on to a view that is still being loaded, and names the photo again after that', async () => {
  let put: ReturnType<typeof useOwnQuery>
  let load: ((view: typeof there) => void) | null = null
  const here = defineComponent({
    setup() {
      put = useOwnQuery()
      return () => h('p')
    },
  })
  const there = defineComponent({ render: () => h('p') })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: here },
      { path: '/there', component: () => new Promise<typeof there>(done => (load = done)) },
    ],
  })
  await router.push('/')
  const page = mount(RouterView, { global: { plugins: [router] } })
  put!({ photo: '3' })
  await expect.poll(() => router.currentRoute.value.fullPath).toBe('/?photo=3')

  const way = router.push('/there')
  await expect.poll(() => load).not.toBeNull()
  put!({ photo: '4' })
  load!(there)
  await way
  expect(router.currentRoute.value.fullPath).toBe('/there')
  await router.push('/')
  put!({ photo: '5' })
  await expect.poll(() => router.currentRoute.value.fullPath).toBe('/?photo=5')
  page.unmount()
})
