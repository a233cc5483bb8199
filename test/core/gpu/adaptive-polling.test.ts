// AdaptivePolling sleeps through most of a usual wait, and never long after a slow one.

import { expect, it, vi } from 'vitest'
import { AdaptivePolling } from '../../../src/core/gpu/adaptive-polling.ts'

/** How long the caller was kept, and how long the work was really waited for, with work that takes `ms` from now. */
async function waitFor(patience: AdaptivePolling, ms: number): Promise<{ kept: number; awake: number }> {
  const started = performance.now()
  const done = new Promise<void>(resolve => setTimeout(resolve, ms))
  let begun = started
  let over = false
  const wait = patience
    .wait(() => {
      begun = performance.now()
      return done
    })
    .then(() => (over = true))
  while (!over) await (vi.isFakeTimers() ? vi.advanceTimersByTimeAsync(1) : wait)
  return { kept: performance.now() - started, awake: performance.now() - begun }
}

/** By a clock of its own, which other programs do not make late. */
function withOwnClock(test: () => Promise<void>): () => Promise<void> {
  return async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] })
    try {
      await test()
    } finally {
      vi.useRealTimers()
    }
  }
}

it(
  'sleeps through most of a wait once it knows how long they are',
  withOwnClock(async () => {
    const patience = new AdaptivePolling()
    for (let i = 0; i < 4; i++) await waitFor(patience, 60)
    const { kept, awake } = await waitFor(patience, 60)
    expect(awake).toBeLessThan(0.5 * kept)
  }),
)

it(
  'is not made slow by one long wait among short ones',
  withOwnClock(async () => {
    const patience = new AdaptivePolling()
    await waitFor(patience, 400)
    for (let i = 0; i < 6; i++) expect((await waitFor(patience, 10)).kept).toBeLessThan(200)
  }),
)

it(
  'sleeps less again when the work becomes shorter',
  withOwnClock(async () => {
    const patience = new AdaptivePolling()
    for (let i = 0; i < 4; i++) await waitFor(patience, 100)
    for (let i = 0; i < 8; i++) await waitFor(patience, 5)
    expect((await waitFor(patience, 5)).kept).toBeLessThan(60)
  }),
)

it('rests also in a wait of which nothing is known, while the event loop would turn without end', async () => {
  let turning = true
  const turn = () => {
    if (turning) setImmediate(turn)
  }
  turn()
  const began = process.cpuUsage()
  const started = performance.now()
  await waitFor(new AdaptivePolling(), 600)
  turning = false
  const { user, system } = process.cpuUsage(began)
  expect((user + system) / 1000).toBeLessThan(0.7 * (performance.now() - started))
})

it('passes on how the work ended', async () => {
  await expect(new AdaptivePolling().wait(() => Promise.resolve(7))).resolves.toBe(7)
  await expect(new AdaptivePolling().wait(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost')
})
