// What the page remembers: an empty storage begins with the service's copy, changes reach the service, a silent service
// holds nothing up.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { requests } from '../../../src/contract/table.ts'
import { keepPreferences, LONGEST, restorePreferences } from '../../../src/renderer/api/preferences.ts'
import { useSettingsStore } from '../../../src/renderer/stores/shell/settings.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage } from '../in-page.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  localStorage.clear()
})

describe('preferences', () => {
  it('come from the service where this origin has none', async () => {
    await restorePreferences(
      fakeClient({ 'preferences.read': () => ({ 'winnow.theme': 'light', 'winnow.stage': 'train' }) }),
      localStorage,
    )
    expect({ ...localStorage }).toMatchObject({ 'winnow.theme': 'light', 'winnow.stage': 'train' })
  })

  it('of this origin are kept as they are', async () => {
    localStorage.setItem('winnow.theme', 'dark')
    const client = fakeClient()
    await restorePreferences(client, localStorage)
    expect(client.calls).toEqual([])
    expect(localStorage.getItem('winnow.theme')).toBe('dark')
  })

  it('chosen while the service is asked stay as they are', async () => {
    const restoring = restorePreferences(
      fakeClient({ 'preferences.read': async () => ({ 'winnow.theme': 'light', 'winnow.locale': 'ko' }) }),
      localStorage,
    )
    localStorage.setItem('winnow.theme', 'dark')
    await restoring
    expect([localStorage.getItem('winnow.theme'), localStorage.getItem('winnow.locale')]).toEqual(['dark', 'ko'])
  })

  it('hold nothing up where the service is silent or refuses', async () => {
    const silent = restorePreferences(fakeClient({ 'preferences.read': () => new Promise(() => {}) }), localStorage)
    await vi.advanceTimersByTimeAsync(1_100)
    await silent
    await restorePreferences(fakeClient(), localStorage)
    expect(localStorage.length).toBe(0)
  })

  it("are sent a little after a change, once for many, without what is not the page's", async () => {
    const client = fakeClient({ 'preferences.write': () => ({}) })
    const stop = keepPreferences(client, localStorage, window)
    localStorage.setItem('other', 'x')
    for (const theme of ['dark', 'light']) {
      localStorage.setItem('winnow.theme', theme)
      window.dispatchEvent(new StorageEvent('storage'))
    }
    await vi.advanceTimersByTimeAsync(600)
    expect(client.calls).toEqual([{ name: 'preferences.write', params: { values: { 'winnow.theme': 'light' } } }])
    stop()
    window.dispatchEvent(new StorageEvent('storage'))
    await vi.advanceTimersByTimeAsync(600)
    expect(client.calls).toHaveLength(1)
  })

  it('are sent field by field: what another window chose since is not taken back, and what was taken away goes', async () => {
    localStorage.setItem('winnow.locale', 'en')
    localStorage.setItem('winnow.sort', 'name')
    const client = fakeClient({ 'preferences.write': () => ({}) })
    const stop = keepPreferences(client, localStorage, window)
    localStorage.setItem('winnow.theme', 'dark')
    localStorage.removeItem('winnow.sort')
    window.dispatchEvent(new StorageEvent('storage'))
    await vi.advanceTimersByTimeAsync(600)
    window.dispatchEvent(new StorageEvent('storage'))
    await vi.advanceTimersByTimeAsync(600)
    stop()
    expect(client.calls.map(call => call.params)).toEqual([{ values: { 'winnow.sort': null, 'winnow.theme': 'dark' } }])
  })

  it('are kept also where one has grown too long for the service', async () => {
    const client = fakeClient({ 'preferences.write': () => ({}) })
    const stop = keepPreferences(client, localStorage, window)
    localStorage.setItem('winnow.theme', 'dark')
    localStorage.setItem('winnow.keys', 'x'.repeat(LONGEST + 1))
    window.dispatchEvent(new StorageEvent('storage'))
    await vi.advanceTimersByTimeAsync(600)
    stop()
    expect(client.calls.map(call => call.params)).toEqual([{ values: { 'winnow.theme': 'dark' } }])
    const taken = (length: number) =>
      requests['preferences.write'].params.safeParse({ values: { 'winnow.keys': 'x'.repeat(length) } }).success
    expect([taken(LONGEST), taken(LONGEST + 1)]).toEqual([true, false])
  })
})

describe('what nobody chose', () => {
  it('is not stored, and follows the system', async () => {
    const languages = vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ko-KR', 'en'])
    const settings = inPage(fakeClient(), useSettingsStore)
    expect([settings.theme, settings.language, settings.locale, settings.computeOn]).toEqual([
      'system',
      'system',
      'ko',
      'auto',
    ])
    languages.mockReturnValue(['en-GB'])
    window.dispatchEvent(new Event('languagechange'))
    expect(settings.locale).toBe('en')
    await vi.advanceTimersByTimeAsync(10)
    expect(Object.keys(localStorage).filter(key => key.startsWith('winnow.'))).toEqual([])
    settings.language = 'ko'
    await vi.advanceTimersByTimeAsync(10)
    expect([settings.locale, localStorage.getItem('winnow.locale')]).toEqual(['ko', 'ko'])
    languages.mockRestore()
  })
})
