// A run whose trainer goes without a word is interrupted within seconds; one that comes back in time is not.

import { describe, expect, it, vi } from 'vitest'
import { createTrainers } from '../../../src/main/runs/trainers.ts'
import { getRun, insertRun, setState } from '../../../src/main/runs/rows.ts'
import { createLibrary } from '../../../src/main/library/library.ts'
import { closeAfterTest, temporaryFolder } from '../library/helpers.ts'

const settings = {
  preset: 'softmax',
  size: 8,
  channels: 3,
  epochs: 1,
  batch: 4,
  rate: 0.01,
  seed: 5,
  augment: false,
} as const
const grace = 20

async function trainedRun() {
  const { library, close } = await createLibrary(temporaryFolder(), 'Test', () => new Date(0))
  closeAfterTest(close)
  const { db } = library
  const changed = vi.fn<() => void>()
  const runId = insertRun(db, { createdAt: '', settings, labelRevision: 0, classes: [], rows: [] })
  setState(db, runId, 'running', null, null)
  return { db, runId, changed, trainers: createTrainers({ library, changed }, grace) }
}

const later = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

describe('a run that is let go', () => {
  it('before it has ended is interrupted, and that is told', async () => {
    const { db, runId, changed, trainers } = await trainedRun()
    const leave = trainers.add(runId)
    await later(3 * grace)
    expect(getRun(db, runId).state).toBe('running')
    leave()
    await vi.waitFor(() => expect(getRun(db, runId).state).toBe('failed'))
    expect(getRun(db, runId).error).toMatchObject({
      code: 'run-interrupted',
      message: expect.stringMatching(
        /the window that trained it is gone\. It had saved no checkpoint yet\.$/,
      ) as string,
    })
    expect(changed).toHaveBeenCalled()
  })

  it('after it has ended stays as it ended', async () => {
    const { db, runId, trainers } = await trainedRun()
    const leave = trainers.add(runId)
    setState(db, runId, 'done', null, null)
    leave()
    await later(3 * grace)
    expect(getRun(db, runId).state).toBe('done')
  })

  it('goes on where its trainer is back in time, or another holds it too', async () => {
    const { db, runId, trainers } = await trainedRun()
    trainers.add(runId)()
    const leave = trainers.add(runId)
    trainers.add(runId)()
    await later(3 * grace)
    expect(getRun(db, runId).state).toBe('running')
    leave()
    trainers.close()
    await later(3 * grace)
    expect(getRun(db, runId).state).toBe('running')
  })

  it('must be there', async () => {
    const { trainers } = await trainedRun()
    expect(() => trainers.add(99)).toThrow('There is no run 99')
  })
})
