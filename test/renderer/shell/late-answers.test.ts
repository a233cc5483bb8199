// What is answered too late, never, or for something else does not stay on screen: a run that cannot be opened,
// evidence of a library that was left, a worker that could not be started, a photo that was taken away before the net
// had looked at it, a folder that another run classified.

import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import ClassifyFolder from '../../../src/renderer/components/models/ClassifyFolder.vue'
import TryIt from '../../../src/renderer/components/models/TryIt.vue'
import { useLabelIssueReportsStore } from '../../../src/renderer/stores/review/label-issue-reports.ts'
import { useJobsStore } from '../../../src/renderer/stores/library/jobs.ts'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import { useRunStore } from '../../../src/renderer/stores/models/run.ts'
import { useTrainingStore } from '../../../src/renderer/stores/training/training.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage, pageGlobals } from '../in-page.ts'

interface Posted {
  readonly kind: string
  readonly id: number
  readonly photo: { readonly name: string }
}

class FakeWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null
  onerror: ((event: { message: string }) => void) | null = null
  ended = false
  readonly posted: Posted[] = []
  constructor() {
    workers.push(this)
  }
  postMessage(message: Posted) {
    this.posted.push(message)
  }
  terminate() {
    this.ended = true
  }
}
const workers: FakeWorker[] = []

beforeEach(() => {
  workers.length = 0
  vi.stubGlobal('Worker', FakeWorker)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it('a run that cannot be opened is not listened to any more', async () => {
  const client = fakeClient({
    'runs.get': () => {
      throw new Error('gone')
    },
    'runs.events': () => [],
    'runs.rows': () => null,
  })
  const ended = vi.fn<() => void>()
  client.subscribe = () => ended
  const run = inPage(client, () => useRunStore())
  await expect(run.open(3)).rejects.toThrow('gone')
  expect(ended).toHaveBeenCalledOnce()
})

it('evidence of a library that was left does not come into the next one', async () => {
  let answer!: (list: unknown) => void
  const client = fakeClient({
    'libraries.open': () => ({ id: 'b', classes: [] }),
    'library.current': () => ({ id: 'a', classes: [] }),
    'suspects.list': () =>
      new Promise(resolve => {
        answer = resolve
      }),
    'libraries.recent': () => [],
  })
  const { reports, library } = inPage(client, () => ({
    reports: useLabelIssueReportsStore(),
    library: useLibraryStore(),
  }))
  await library.refresh()
  const late = reports.refresh()
  await flushPromises()
  library.summary = { id: 'b', classes: [] } as never
  await flushPromises()
  answer([{ runId: 1, method: 'folds' }])
  await late
  expect(reports.list).toEqual([])
})

describe('the training worker', () => {
  it('is another after one that could not be started, so that the next run begins', () => {
    const training = inPage(fakeClient(), () => useTrainingStore())
    training.wake()
    workers[0]!.onerror!({ message: '' })
    expect(training.error?.message).toContain('could not be started')
    training.wake()
    expect(workers).toHaveLength(2)
    expect(workers[0]!.ended).toBe(true)
  })

  it('stays after an error of its own, as it may still train', () => {
    const training = inPage(fakeClient(), () => useTrainingStore())
    training.wake()
    workers[0]!.onmessage!({ data: { kind: 'device', device: null } })
    workers[0]!.onerror!({ message: 'a slip' })
    training.wake()
    expect(workers).toHaveLength(1)
    expect(workers[0]!.ended).toBe(false)
  })
})

describe('try it', () => {
  const run = {
    id: 1,
    settings: { size: 32, fit: 'squash' },
    classes: [
      { id: 1, name: 'hat' },
      { id: 2, name: 'shoe' },
    ],
  }

  function opened() {
    URL.createObjectURL = () => 'blob:photo'
    URL.revokeObjectURL = () => {}
    const client = { ...fakeClient({ 'review.calibration': () => ({ unknownBelow: null }) }), putBytes: async () => {} }
    return mount(TryIt, { props: { run: run as never }, global: pageGlobals(client as never) })
  }

  const paste = async (name: string) => {
    const event = Object.assign(new Event('paste'), {
      clipboardData: { files: [new File([Uint8Array.of(1)], name, { type: 'image/png' })] },
    })
    document.dispatchEvent(event)
    await expect.poll(() => asked().some(({ photo }) => photo.name === name)).toBe(true)
  }
  const asked = () => workers.flatMap(({ posted }) => posted).filter(({ kind }) => kind === 'ask')
  const say = async (name: string, label: number) => {
    const { id } = asked().find(({ photo }) => photo.name === name)!
    workers[0]!.onmessage!({
      data: {
        kind: 'answer',
        id,
        answer: { label, probabilities: Float32Array.of(1 - label, label), heat: null, size: 32 },
      },
    })
    await flushPromises()
  }

  it('shows no answer to a photo in whose place the camera was asked for', async () => {
    vi.stubGlobal(
      'navigator',
      Object.assign(Object.create(navigator), {
        mediaDevices: { getUserMedia: () => Promise.reject(new Error('refused')) },
      }),
    )
    const page = opened()
    await paste('hat.png')
    await page
      .findAll('button')
      .find(button => button.text().includes('camera'))!
      .trigger('click')
    await flushPromises()
    await say('hat.png', 0)
    expect(page.find('.answer').exists()).toBe(false)
    page.unmount()
  })

  it('shows the answer to the photo on screen, not to the one before', async () => {
    const page = opened()
    await paste('hat.png')
    await paste('shoe.png')
    await say('shoe.png', 1)
    await say('hat.png', 0)
    expect(page.get('.answer').text()).toContain('shoe')
    page.unmount()
  })
})

it('a folder classified by another run does not stand under this one', async () => {
  const job = (id: number, run: number, photos: number) => ({
    id,
    kind: 'classify',
    state: 'done',
    done: photos,
    total: photos,
    perSecond: null,
    secondsLeft: null,
    error: null,
    result: { run, photos, unknown: 0, unread: 0, copied: 0 },
  })
  const client = fakeClient({ 'jobs.list': () => [job(1, 1, 11), job(2, 2, 22)] })
  const page = mount(ClassifyFolder, {
    props: { run: { id: 1 } as never },
    global: { ...pageGlobals(client), stubs: { FolderPick: true, JobRow: true } },
  })
  await useJobsStore().refresh()
  await flushPromises()
  expect(page.get('[role=status]').text()).toContain('11')
  await page.setProps({ run: { id: 3 } as never })
  expect(page.find('[role=status]').exists()).toBe(false)
  page.unmount()
})

it('files of a folder that are no photos are not counted as answered', async () => {
  const job = {
    id: 1,
    kind: 'classify',
    state: 'done',
    done: 312,
    total: 312,
    perSecond: null,
    secondsLeft: null,
    error: null,
    result: { run: 1, photos: 312, unknown: 2, unread: 300, copied: 0 },
  }
  const page = mount(ClassifyFolder, {
    props: { run: { id: 1 } as never },
    global: { ...pageGlobals(fakeClient({ 'jobs.list': () => [job] })), stubs: { FolderPick: true, JobRow: true } },
  })
  await useJobsStore().refresh()
  await flushPromises()
  expect(page.get('[role=status]').text()).toBe('12 photos answered, 2 unknown, 300 not readable.')
  page.unmount()
})
