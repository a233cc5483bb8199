// Jobs by themselves, without a session.

import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Job } from '../../../src/contract/records.ts'
import { createJobs } from '../../../src/main/library/jobs.ts'
import { closeAfterTest } from './helpers.ts'
import { newDatabase } from './rows.ts'

it('a job tells how far it is also while the clock of the day is set back', async () => {
  const { db, close } = await newDatabase()
  closeAfterTest(close)
  let hours = 0
  const said: Job[] = []
  const jobs = createJobs({ db, where: 'here', works: {}, emit: job => said.push(job), now: () => new Date(Date.UTC(2026, 5, 1) - 3_600_000 * hours++) })
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
