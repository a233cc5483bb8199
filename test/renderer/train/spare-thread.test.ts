// The training worker leaves a core to the page while a person scrolls or uses the keys, and takes it again after.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useSpareThread } from '../../../src/renderer/stores/training/spare-thread.ts'
import { spareThread } from '../../../src/renderer/training/cpu-threads.ts'
import type { WasmDevice } from '../../../src/core/index.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('is said once when it begins and once when it has ended', () => {
  const tell = vi.fn<(message: unknown) => void>()
  const scope = effectScope()
  scope.run(() => useSpareThread(tell))
  for (let i = 0; i < 3; i++) window.dispatchEvent(new Event('wheel'))
  vi.advanceTimersByTime(1_000)
  window.dispatchEvent(new Event('keydown'))
  vi.advanceTimersByTime(1_000)
  expect(tell.mock.calls).toEqual([[{ kind: 'spare-thread', spare: true }]])
  vi.advanceTimersByTime(1_000)
  expect(tell.mock.calls.slice(1)).toEqual([[{ kind: 'spare-thread', spare: false }]])
  scope.stop()
  window.dispatchEvent(new Event('wheel'))
  expect(tell).toHaveBeenCalledTimes(2)
})

it('is one thread of more than two', () => {
  const used: number[] = []
  const device = { useThreads: (most: number) => used.push(most) } as unknown as WasmDevice
  vi.stubGlobal('crossOriginIsolated', true)
  for (const cores of [2, 8]) {
    vi.stubGlobal('navigator', { hardwareConcurrency: cores })
    spareThread(device, true)
    spareThread(device, false)
  }
  expect(used).toEqual([2, 2, 7, 8])
})
