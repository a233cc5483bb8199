// A job at work by itself: when it tells and writes down what it has come to, and how it ends.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Job } from '../../../../src/contract/records.ts'
import { RunningJob, type JobHandler } from '../../../../src/main/library/jobs/running-job.ts'

const queued: Job = {
  id: 7,
  kind: 'check',
  state: 'queued',
  done: 0,
  total: null,
  perSecond: null,
  secondsLeft: null,
  error: null,
  result: {},
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

function jobWith(work: JobHandler) {
  const [said, written]: [Job[], Job[]] = [[], []]
  const running = new RunningJob({ job: queued, params: {} }, work, {
    emit: job => said.push(job),
    write: job => written.push(job),
  })
  return { running, said, written }
}

it('tells at most ten times a second what it has come to, and writes it down every two seconds', async () => {
  const { running, said, written } = jobWith(async ({ progress }) => {
    for (let done = 1; done <= 100; done++) {
      vi.advanceTimersByTime(50)
      progress(done, 100)
    }
  })
  running.say(true)
  await running.runWork()
  expect(said.map(({ done }) => done)).toEqual([0, ...Array.from({ length: 50 }, (_, i) => 2 * (i + 1))])
  expect(written.map(({ done }) => done)).toEqual([0, 40, 80])
})

it('says the last state at once, with the results and without a rate', async () => {
  const { running, said, written } = jobWith(async ({ progress, result }) => {
    progress(1, 2)
    vi.advanceTimersByTime(4_000)
    progress(2, 2)
    result({ imported: 2 })
  })
  running.say(true)
  await running.runWork()
  expect(said.at(-1)).toMatchObject({ state: 'running', done: 2, perSecond: 0.25, result: {} })
  running.end(null)
  running.say(true)
  expect(said.at(-1)).toEqual({ ...queued, state: 'done', done: 2, total: 2, result: { imported: 2 } })
  expect(written.at(-1)).toEqual(said.at(-1))
})

it('shows no negative speed where its second phase counts from the beginning', async () => {
  const { running, said } = jobWith(async ({ progress }) => {
    for (let done = 0; done <= 300; done += 100) {
      progress(done, 300)
      vi.advanceTimersByTime(1_000)
    }
    for (let done = 0; done <= 40; done += 10) {
      progress(done, 40)
      vi.advanceTimersByTime(1_000)
    }
  })
  await running.runWork()
  expect(said.map(({ done, perSecond }) => [done, perSecond])).toEqual([
    [0, null],
    [100, null],
    [200, 100],
    [300, 100],
    [0, null],
    [10, null],
    [20, 10],
    [30, 10],
    [40, 10],
  ])
})

it('ends as it was told to; once cancelled it cannot be paused', () => {
  const states = (...wanted: ('paused' | 'cancelled')[]) => {
    const { running } = jobWith(async () => {})
    wanted.forEach(state => running.stop(state))
    return running.end(null).state
  }
  expect([states(), states('paused'), states('paused', 'cancelled'), states('cancelled', 'paused')]).toEqual([
    'done',
    'paused',
    'cancelled',
    'cancelled',
  ])
})
