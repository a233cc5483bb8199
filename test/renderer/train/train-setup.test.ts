// Before a run: Train is not live while a number cannot be taken or the net does not fit the photos, why is said in a
// person's words, and what was refused is not said any more once something else is asked for.

import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { ServiceError, toErrorRecord } from '../../../src/contract/errors.ts'
import type { ErrorRecord } from '../../../src/contract/errors.ts'
import { tooSmallPhotos } from '../../../src/contract/settings/photo-size.ts'
import TrainSetup from '../../../src/renderer/components/train/TrainSetup.vue'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import { useTrainingStore } from '../../../src/renderer/stores/training/training.ts'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

enableAutoUnmount(afterEach)
/** What the page's worker says of a net; null: it fits. */
let misfit: ErrorRecord | null = null

beforeEach(() => {
  sessionStorage.clear()
  misfit = null
  vi.stubGlobal(
    'Worker',
    class {
      onmessage: ((event: { data: unknown }) => void) | null = null
      postMessage(message: { kind: string; id: number }) {
        if (message.kind !== 'look') return
        const look = { net: null, stages: ['conv1', 'head'], fit: null }
        const data = misfit
          ? { kind: 'no-answer', id: message.id, error: misfit }
          : { kind: 'look', id: message.id, look }
        queueMicrotask(() => this.onmessage!({ data }))
      }
      terminate() {}
    },
  )
})
afterEach(() => void vi.unstubAllGlobals())

const settings = {
  preset: 'photo-convnet',
  size: 32,
  channels: 3,
  epochs: 5,
  batch: 8,
  rate: 0.01,
  seed: 1,
  augment: false,
}

async function setUp() {
  const client = fakeClient({
    'library.current': () => ({ id: 'a', classes: [{ id: 1, name: 'hat', photos: 2 }] }),
    'runs.suggest': () => ({ settings, reasons: [] }),
    'runs.estimate': () => ({ seconds: 60, measured: false }),
    'runs.list': () => [],
    'check.report': () => ({ advice: [] }),
    'runs.create': () => {
      throw new ServiceError('one-class', 'All photos are of one class.', 'Add photos of another class.')
    },
  })
  const globals = pageGlobals(client)
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/train/:runId?', name: 'train', component: TrainSetup }],
  })
  await router.push('/train')
  const Host = {
    components: { TrainSetup },
    setup: () => ({ library: useLibraryStore() }),
    template: '<TrainSetup v-if="library.summary" />',
  }
  const page = mount(Host, { global: { ...globals, plugins: [...globals.plugins, router] } })
  await useLibraryStore().refresh()
  useTrainingStore().device = {
    kind: 'cpu',
    reason: 'chosen',
    detail: '',
    processor: { name: 'CPU, 2 threads', threads: 2, simd: 'relaxed' },
  }
  await flushPromises()
  await page
    .findAll('button')
    .find(button => button.text() === 'Change')!
    .trigger('click')
  await flushPromises()
  const train = page.get<HTMLButtonElement>('button.primary.big')
  const field = (name: string) =>
    page
      .findAll('label')
      .find(label => label.text().startsWith(name))!
      .find('input')
  return { page, train, field }
}

describe('Train', () => {
  it('is live again once a number is put right, or all is as suggested', async () => {
    const { page, train, field } = await setUp()
    expect(train.element.disabled).toBe(false)
    await field('Epochs').setValue('0')
    await field('Epochs').trigger('change')
    expect(train.element.disabled).toBe(true)
    expect(page.get('[role=alert]').text()).toContain('Epochs: 0. It must be from 1 to 10,000.')
    await field('Epochs').setValue('3')
    await field('Epochs').trigger('change')
    expect([train.element.disabled, page.find('[role=alert]').exists()]).toEqual([false, false])
    await field('Edge').setValue('513')
    await field('Edge').trigger('change')
    await page
      .findAll('button')
      .find(button => button.text() === 'As suggested')!
      .trigger('click')
    await flushPromises()
    expect([train.element.disabled, field('Edge').element.value]).toEqual([false, '32'])
  })

  it('says how large the photos of a net must be, also when the details are closed', async () => {
    const { page, train, field } = await setUp()
    misfit = toErrorRecord(tooSmallPhotos('photo-convnet', 8, 16))
    await field('Edge').setValue('8')
    await field('Edge').trigger('change')
    await flushPromises()
    await page
      .findAll('button')
      .find(button => button.text() === 'Fewer details')!
      .trigger('click')
    await flushPromises()
    expect(page.get('[role=alert]').text()).toContain(
      'Photos of 8 px are too small for photo-convnet, which needs at least 16 px.',
    )
    expect(train.element.disabled).toBe(true)
  })

  it('tells why it was refused until something else is asked for', async () => {
    const { page, train, field } = await setUp()
    await train.trigger('click')
    await flushPromises()
    expect(page.get('[role=alert]').text()).toContain('All photos are of one class.')
    expect(train.element.disabled).toBe(false)
    await field('Epochs').setValue('3')
    await field('Epochs').trigger('change')
    await flushPromises()
    expect(page.find('[role=alert]').exists()).toBe(false)
  })
})
