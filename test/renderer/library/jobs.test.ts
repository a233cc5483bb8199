// The tray of jobs: how far, how fast, how long still; what one may do with a job in each state; ended ones are
// cleared, errors told.

import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { Job } from '../../../src/contract/records.ts'
import JobRow from '../../../src/renderer/components/shell/JobRow.vue'
import JobsTray from '../../../src/renderer/components/shell/JobsTray.vue'
import { useJobsStore } from '../../../src/renderer/stores/library/jobs.ts'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

enableAutoUnmount(afterEach)
afterEach(() => void vi.useRealTimers())

const importing: Job = {
  id: 7,
  kind: 'import',
  state: 'running',
  done: 1_200,
  total: 4_800,
  perSecond: 220,
  secondsLeft: 20,
  error: null,
  result: {},
}

function row(job: Job) {
  const client = fakeClient({ 'jobs.pause': () => ({}), 'jobs.resume': () => ({}), 'jobs.cancel': () => ({}) })
  const global = pageGlobals(client)
  const shown = mount(JobRow, { props: { job }, global })
  const press = (label: string) =>
    shown
      .findAll('button')
      .find(button => button.text() === label)!
      .trigger('click')
  return { client, global, shown, press, buttons: () => shown.findAll('button, a').map(button => button.text()) }
}

it('says how far and how fast, and after five seconds how long still', async () => {
  vi.useFakeTimers()
  const client = fakeClient()
  const global = pageGlobals(client)
  const tray = mount(JobsTray, { global, attachTo: document.body })
  const jobs = useJobsStore(global.plugins[0] as never)
  jobs.listen()
  client.emit('jobs', importing)
  expect(jobs.secondsLeft).toBeNull()
  vi.advanceTimersByTime(6_000)
  client.emit('jobs', { ...importing, done: 2_400 })
  await nextTick()
  expect(jobs.secondsLeft).toBe(20)
  expect(tray.text()).toContain('20 s left')
  vi.useRealTimers()
  const line = mount(JobRow, { props: { job: { ...importing, done: 2_400 } }, global }).text()
  for (const part of ['2,400 of 4,800', '220']) expect(line).toContain(part)
})

it('says what came of a job that has ended', () => {
  const said = (job: Partial<Job>) => row({ ...importing, state: 'done', ...job }).shown.text()
  expect(said({ done: 322 })).toContain('322 files read')
  expect(said({ kind: 'classify', done: 312, result: { photos: 312, unread: 300 } })).toContain('12 photos classified')
  expect(said({ kind: 'verify' })).toContain('Library verified')
})

it('offers in each state what can be done then, and asks the service for it', async () => {
  const running = row(importing)
  expect(running.buttons()).toEqual(['Pause', 'Cancel'])
  await running.press('Pause')
  await running.press('Cancel')
  const paused = row({ ...importing, state: 'paused' })
  expect(paused.buttons()).toEqual(['Go on', 'Cancel'])
  await paused.press('Go on')
  expect([...running.client.calls, ...paused.client.calls]).toEqual(
    ['jobs.pause', 'jobs.cancel', 'jobs.resume'].map(name => ({ name, params: { jobId: 7 } })),
  )
  expect(row({ ...importing, state: 'cancelled' }).buttons()).toEqual([])
})

it('tells why a job failed and what to do, and tries it again', async () => {
  const error = { code: 'disk-full', message: 'The disk is full.', fix: 'Free some space.' }
  const failed = row({ ...importing, state: 'failed', error })
  expect(failed.shown.text()).toMatch(/full.*space/)
  await failed.press('Try again')
  expect(failed.client.calls).toEqual([{ name: 'jobs.resume', params: { jobId: 7 } }])
})

it('clears what has ended and keeps what runs', async () => {
  const client = fakeClient()
  const global = pageGlobals(client)
  mount(JobsTray, { global, attachTo: document.body })
  const jobs = useJobsStore(global.plugins[0] as never)
  jobs.listen()
  client.emit('jobs', importing)
  client.emit('jobs', { ...importing, id: 8, state: 'done' })
  await flushPromises()
  expect(jobs.shown.map(({ id }) => id)).toEqual([8, 7])
  jobs.dismissEnded()
  expect(jobs.shown.map(({ id }) => id)).toEqual([7])
})
