// Hands that are faster than the service: a button pressed twice begins once, what is typed is not taken away by what
// comes meanwhile, and the jobs of one library are not those of the next.

import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { Job } from '../../../src/contract/records.ts'
import { useOnce } from '../../../src/renderer/api/use-once.ts'
import LibraryTools from '../../../src/renderer/components/library/LibraryTools.vue'
import { useAddingStore } from '../../../src/renderer/stores/library/adding.ts'
import { useJobsStore } from '../../../src/renderer/stores/library/jobs.ts'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage, pageGlobals, settled } from '../in-page.ts'

enableAutoUnmount(afterEach)
afterEach(() => void vi.useRealTimers())

it('what is under way is not begun again, and can be once it has ended, well or not', async () => {
  let begun = 0
  let end!: () => void
  const { busy, run } = useOnce(
    () =>
      new Promise((resolve, reject) => {
        begun++
        end = () => (begun === 1 ? reject(new Error('no')) : resolve())
      }),
  )
  const first = run()
  await run()
  expect([begun, busy.value]).toEqual([1, true])
  end()
  await expect(first).rejects.toThrow('no')
  const second = run()
  end()
  await second
  expect([begun, busy.value]).toEqual([2, false])
})

describe('the search', () => {
  async function tools() {
    let problems = 0
    const client = fakeClient({ 'library.current': () => ({ id: 'a', runs: 0, withProblems: problems }) })
    let library!: ReturnType<typeof useLibraryStore>
    const setup = () => {
      library = useLibraryStore()
      return {
        library,
        shown: (filter: { text?: string }) => {
          asked.push(filter.text)
        },
      }
    }
    const asked: (string | undefined)[] = []
    const wrapper = mount(
      {
        components: { LibraryTools },
        setup,
        props: ['text'],
        template: '<LibraryTools v-if="library.summary" :filter="text ? { text } : {}" sort="added" @show="shown" />',
      },
      { props: { text: '' }, global: { ...pageGlobals(client), stubs: { RouterLink: true } } },
    )
    await library.refresh()
    await flushPromises()
    const grow = async () => {
      problems++
      await library.refresh()
      await nextTick()
    }
    return { wrapper, input: () => wrapper.get('input[type=search]').element as HTMLInputElement, asked, grow }
  }

  it('keeps what is being typed while photos are added behind it', async () => {
    const { input, asked, grow } = await tools()
    vi.useFakeTimers()
    input().value = '모자'
    input().dispatchEvent(new Event('input'))
    await grow()
    expect(input().value).toBe('모자')
    await vi.advanceTimersByTimeAsync(300)
    expect(asked).toEqual(['모자'])
  })

  it('shows what an address asks for', async () => {
    const { wrapper, input } = await tools()
    await wrapper.setProps({ text: 'hat' })
    expect(input().value).toBe('hat')
  })
})

describe('jobs', () => {
  const job = (id: number, state: Job['state'], kind: Job['kind'] = 'import'): Job => ({
    id,
    kind,
    state,
    done: 0,
    total: 1,
    perSecond: null,
    secondsLeft: null,
    error: null,
    result: {},
  })
  async function jobsOf(lists: Record<string, Job[]>) {
    let open = 'a'
    const client = fakeClient({ 'library.current': () => ({ id: open }), 'jobs.list': () => lists[open] })
    const page = inPage(client, () => ({ library: useLibraryStore(), jobs: useJobsStore() }))
    page.jobs.listen()
    await page.library.refresh()
    await settled()
    return {
      ...page,
      client,
      lists,
      leave: async (to: string) => {
        open = to
        await page.library.refresh()
        await settled()
      },
    }
  }

  it('of the library that was left are shown no more, and hide none of the next', async () => {
    const { jobs, leave } = await jobsOf({
      a: [job(1, 'done', 'classify')],
      b: [job(1, 'done', 'import'), job(2, 'done', 'check')],
    })
    jobs.dismissEnded()
    await leave('b')
    expect(jobs.shown.map(({ id, kind }) => [id, kind])).toEqual([
      [2, 'check'],
      [1, 'import'],
    ])
  })

  it('that the service knows no more have ended, and nobody waits for them for ever', async () => {
    const { jobs, client, lists } = await jobsOf({ a: [job(7, 'running', 'sample')] })
    const waited = jobs.whenEnded(7)
    const later = jobs.whenEnded(8)
    lists.a = []
    await jobs.refresh()
    expect((await waited).state).toBe('cancelled')
    expect(jobs.active).toEqual([])
    client.emit('jobs', job(8, 'done'))
    expect((await later).id, 'one that began after the list was made').toBe(8)
  })
})

describe('a dropped file', () => {
  it('is a photo where only its name says so', async () => {
    const adding = inPage(fakeClient(), useAddingStore)
    expect(await adding.drop([new File([''], 'IMG_1.HEIC')], [{ isDirectory: false }])).toBe('photo')
    expect(await adding.drop([new File([''], 'notes.txt', { type: 'text/plain' })], [{ isDirectory: false }])).toBe(
      'untold',
    )
  })
})
