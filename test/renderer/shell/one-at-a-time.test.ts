// One question at a time, and one more after it for all that wanted it meanwhile.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { oneAtATime } from '../../../src/renderer/api/one-at-a-time.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function question() {
  const asked: { answer: () => void; fail: (error: Error) => void }[] = []
  const ask = oneAtATime(() => new Promise((answer, fail) => asked.push({ answer, fail })), 250)
  return { ask, asked }
}

it('is asked once while it is under way, and once more for all who came meanwhile', async () => {
  const { ask, asked } = question()
  const all = Promise.all([ask(), ask(), ask()])
  expect(asked).toHaveLength(1)
  asked[0]!.answer()
  await all
  await vi.advanceTimersByTimeAsync(249)
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(asked).toHaveLength(2)
  asked[1]!.answer()
  await vi.advanceTimersByTimeAsync(1000)
  expect(asked, 'nobody came meanwhile').toHaveLength(2)
})

it('is asked again after it failed, and fails for whoever shared it', async () => {
  const { ask, asked } = question()
  const both = Promise.allSettled([ask(), ask()])
  asked[0]!.fail(new Error('gone'))
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await vi.advanceTimersByTimeAsync(250)
  asked[1]!.fail(new Error('still gone'))
  await vi.advanceTimersByTimeAsync(0)
  const third = ask()
  asked[2]!.answer()
  await third
})
