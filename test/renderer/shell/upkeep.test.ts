// The library's files in the page: missing photos looked for in a chosen folder, and the full check with what it found.

import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import type { Job, LibrarySummary } from '../../../src/contract/records.ts'
import FindMoved from '../../../src/renderer/components/library/FindMoved.vue'
import FolderPick from '../../../src/renderer/components/library/FolderPick.vue'
import VerifyLibrary from '../../../src/renderer/components/shell/VerifyLibrary.vue'
import LostFolders from '../../../src/renderer/components/library/LostFolders.vue'
import { useJobsStore } from '../../../src/renderer/stores/library/jobs.ts'
import { useToastsStore } from '../../../src/renderer/stores/shell/toasts.ts'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

enableAutoUnmount(afterEach)

const job = (kind: Job['kind'], state: Job['state'], result: Job['result'] = {}, error: Job['error'] = null): Job => ({
  id: 7,
  kind,
  state,
  done: 3,
  total: null,
  perSecond: null,
  secondsLeft: null,
  error,
  result,
})

describe('finding moved photos', () => {
  async function look(end: Job) {
    const client = fakeClient({ 'files.relink': () => ({ jobId: 7 }) })
    const global = pageGlobals(client)
    const shown = mount(FindMoved, { global })
    const [jobs, toasts] = [useJobsStore(global.plugins[0] as never), useToastsStore(global.plugins[0] as never)]
    jobs.listen()
    shown.getComponent(FolderPick).vm.$emit('take', { id: 'f1', name: 'holidays' })
    await flushPromises()
    client.emit('jobs', end)
    await flushPromises()
    return {
      calls: client.calls,
      said: [...toasts.said, ...toasts.failures].map(toast => `${toast.text}${toast.detail}`),
    }
  }

  it('asks for the chosen folder and says how many were found', async () => {
    const { calls, said } = await look(job('relink', 'done', { relinked: 12, missing: 1 }))
    expect(calls).toEqual([{ name: 'files.relink', params: { folderId: 'f1' } }])
    expect(said).toEqual([
      'Looking for moved photos in holidays; see the jobs.',
      '12 photos found again. 1 is still missing.',
    ])
  })
  it('says when none is missing any more, and nothing after a cancel', async () => {
    expect((await look(job('relink', 'done', { relinked: 1, missing: 0 }))).said.at(-1)).toBe(
      '1 photo found again. None is missing any more.',
    )
    expect((await look(job('relink', 'cancelled'))).said).toHaveLength(1)
  })
  it('follows photos to the folder where the service found them, by one press', async () => {
    const client = fakeClient({
      'files.relink': () => ({ jobId: 7 }),
      'files.lost': () => [
        { path: '/old/photos', photos: 3, found: { folderId: 'f9', path: '/new/photos' } },
        { path: '/old/more', photos: 1, found: null },
      ],
    })
    const global = pageGlobals(client)
    const library = { id: 'l1', photos: 4, broken: 0 } as LibrarySummary
    const shown = mount(LostFolders, { props: { library }, global })
    await flushPromises()
    expect(shown.text()).toContain(
      'The folder /old/photos with 3 photos is not where it was. The same photos lie in /new/photos.',
    )
    expect(shown.text()).toContain('The folder /old/more with 1 photo is not where it was.')
    expect(shown.findAll('button').map(button => button.text())).toEqual([
      'Follow them there',
      'Find moved photos',
      'Find moved photos',
    ])
    await shown.get('button').trigger('click')
    await flushPromises()
    expect(client.calls.at(-1)).toEqual({ name: 'files.relink', params: { folderId: 'f9' } })
  })

  it('tells a failure with what to do', async () => {
    const error = { code: 'folder-missing', message: 'There is no folder.', fix: 'Connect the disk.' }
    expect((await look(job('relink', 'failed', {}, error))).said.at(-1)).toBe('There is no folder.Connect the disk.')
  })
})

describe('the full check', () => {
  async function verify(result: Record<string, number>, paths: string[]) {
    const client = fakeClient({ 'library.verify': () => ({ jobId: 7 }), 'library.orphans': () => ({ paths }) })
    const { plugins, provide } = pageGlobals(client)
    mount(VerifyLibrary, {
      props: { open: true },
      global: { plugins, provide, stubs: { RouterLink: { template: '<a><slot /></a>' } } },
    })
    useJobsStore(plugins[0] as never).listen()
    await nextTick()
    const start = [...document.querySelectorAll('button')].find(button => button.textContent?.trim() === 'Verify')!
    start.click()
    await flushPromises()
    client.emit('jobs', job('verify', 'running'))
    await nextTick()
    start.click()
    expect([
      start.getAttribute('aria-disabled'),
      client.calls.filter(({ name }) => name === 'library.verify').length,
    ]).toEqual(['true', 1])
    client.emit('jobs', job('verify', 'done', result))
    await flushPromises()
    return document.querySelector('[role=dialog]')!.textContent!
  }

  it('says that all is whole', async () => {
    const text = await verify({ missing: 0, changed: 0, orphans: 0, damaged: 0 }, [])
    expect(text).toContain('The database is whole.')
    expect(text).toContain('Every photo is where it was and unchanged.')
    expect(text).toContain('The caches are whole.')
  })
  it('counts what is missing, changed, damaged and left over, and lists the last', async () => {
    const text = await verify({ missing: 2, changed: 1, orphans: 1, damaged: 3 }, ['/lib/runs/77'])
    for (const part of [
      '2 photos are missing.',
      'Find moved photos',
      '1 photo was changed.',
      '3 damaged records in the caches',
      '1 folder belongs to nothing',
      '/lib/runs/77',
    ])
      expect(text).toContain(part)
    expect(text).not.toContain('Every photo is where it was')
  })
})
