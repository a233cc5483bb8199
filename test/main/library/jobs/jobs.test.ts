// Jobs by themselves, without a session.

import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Job } from '../../../../src/contract/records.ts'
import { createJobs } from '../../../../src/main/library/jobs/jobs.ts'
import { closeAfterTest } from '../helpers.ts'
import { newDatabase } from '../rows.ts'

it('a job tells how far it is also while the clock of the day is set back', async () => {
  const { db, close } = await newDatabase()
  closeAfterTest(close)
  let hours = 0
  const said: Job[] = []
  const jobs = createJobs({
    db,
    where: 'here',
    handlers: {},
    emit: job => said.push(job),
    now: () => new Date(Date.UTC(2026, 5, 1) - 3_600_000 * hours++),
  })
  const { finished } = jobs.start('check', {}, async ({ progress }) => {
    for (let done = 1; done <= 4; done++) {
      await setTimeout(150)
      progress(done, 8)
    }
  })
  expect(await finished).toEqual({ state: 'done', error: null })
  expect(said.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4, 4])
  expect(said.every(({ perSecond }) => perSecond === null || perSecond > 0)).toBe(true)
})

describe('a job that is still coming to rest', () => {
  /** One job whose work ends at `rest()` after it was told to stop, and the second time at once. */
  async function restless() {
    const { db, close } = await newDatabase()
    closeAfterTest(close)
    let rest = () => {}
    let times = 0
    const jobs = createJobs({ db, where: 'here', handlers: {}, emit: () => {}, now: () => new Date() })
    const { jobId } = jobs.start('check', {}, async ({ signal }) => {
      if (++times > 1) return
      await new Promise<void>(resolve => {
        rest = resolve
      })
      signal.throwIfAborted()
    })
    return { jobs, jobId, rest: () => rest(), times: () => times, state: () => jobs.list()[0]!.state }
  }

  it('is taken up again when it was resumed meanwhile', async () => {
    const { jobs, jobId, rest, times, state } = await restless()
    const paused = jobs.pause(jobId)
    const { finished } = jobs.resume(jobId)
    rest()
    await paused
    expect(await finished).toEqual({ state: 'done', error: null })
    expect([times(), state()]).toEqual([2, 'done'])
  })

  it('stays at rest when it was paused once more, and ends when it was cancelled, whatever else is asked', async () => {
    const again = await restless()
    const first = again.jobs.pause(again.jobId)
    const { finished } = again.jobs.resume(again.jobId)
    const second = again.jobs.pause(again.jobId)
    again.rest()
    await Promise.all([first, second])
    expect([(await finished).state, again.times(), again.state()]).toEqual(['paused', 1, 'paused'])
    const ended = await restless()
    const cancelled = ended.jobs.cancel(ended.jobId)
    expect(() => ended.jobs.resume(ended.jobId)).toThrow(`Job ${ended.jobId} is cancelled and cannot be resumed.`)
    const closed = ended.jobs.close()
    ended.rest()
    await Promise.all([cancelled, closed])
    expect([ended.times(), ended.state()]).toEqual([1, 'cancelled'])
  })
})
