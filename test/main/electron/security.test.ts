// The page's cage, by Electron's security checklist: preferences, navigation, windows, permissions, foreign loads.

import { describe, expect, it } from 'vitest'
import { hardenContents, hardenSession, isOwnPage, webPreferences } from '../../../src/main/electron/security.ts'
import { fakeElectron, FakeContents } from './fake-electron.ts'

const foreign = [
  'https://example.org/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'app://other/',
  'app://winnow.evil/',
  'data:text/html,x',
  'javascript:alert(1)',
  'nonsense',
  '',
]

describe('preferences', () => {
  it('are the safe ones, said out loud', () => {
    expect(webPreferences('/preload.cjs')).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
    })
    expect(webPreferences('/preload.cjs')).not.toHaveProperty('enableBlinkFeatures')
  })
})

describe('navigation', () => {
  const prevented = (name: string, url: string) => {
    const contents = new FakeContents()
    hardenContents(contents as never)
    let stopped = false
    contents.emit(name, { url, preventDefault: () => (stopped = true) }, url)
    return stopped
  }
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s goes nowhere but home', name => {
    for (const url of foreign) expect(prevented(name, url)).toBe(true)
    expect(prevented(name, 'app://winnow/index.html')).toBe(false)
  })
  it('opens no windows and no webviews', () => {
    const contents = new FakeContents()
    hardenContents(contents as never)
    expect(contents.openHandler?.({ url: 'app://winnow/' })).toEqual({ action: 'deny' })
    expect(prevented('will-attach-webview', '')).toBe(true)
  })
})

describe('the session', () => {
  it('grants the camera to the page itself, without the microphone and to no one else', () => {
    const { fakeSession } = fakeElectron()
    hardenSession(fakeSession as never)
    const asked = (requestingUrl: string, mediaTypes?: string[]) => {
      let granted: boolean | undefined
      fakeSession.permissionRequest!(null, 'media', answer => (granted = answer), {
        requestingUrl,
        ...(mediaTypes && { mediaTypes }),
      })
      return granted
    }
    expect(asked('app://winnow/', ['video'])).toBe(true)
    for (const types of [['audio'], ['video', 'audio'], [], undefined])
      expect(asked('app://winnow/', types)).toBe(false)
    for (const url of foreign) expect(asked(url, ['video'])).toBe(false)
    expect(fakeSession.permissionCheck!(null, 'media', 'app://winnow/', { mediaType: 'video' })).toBe(true)
    expect(fakeSession.permissionCheck!(null, 'media', 'app://winnow/', { mediaType: 'audio' })).toBe(false)
    expect(fakeSession.permissionCheck!(null, 'media', 'https://example.org/', { mediaType: 'video' })).toBe(false)
  })

  it('grants writing to the clipboard and full screen, and nothing else unasked', () => {
    const { fakeSession } = fakeElectron()
    hardenSession(fakeSession as never)
    const answers: Record<string, boolean> = {}
    const all = [
      'clipboard-sanitized-write',
      'fullscreen',
      'clipboard-read',
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'usb',
      'fileSystem',
      'unknown',
    ]
    for (const permission of all) {
      fakeSession.permissionRequest!(null, permission, granted => (answers[permission] = granted), {
        requestingUrl: 'app://winnow/',
      })
      expect(fakeSession.permissionCheck!(null, permission, 'app://winnow/', {})).toBe(answers[permission])
    }
    expect(Object.keys(answers).filter(permission => answers[permission])).toEqual([
      'clipboard-sanitized-write',
      'fullscreen',
    ])
  })

  it("loads nothing that is not the app's own", () => {
    const { fakeSession } = fakeElectron()
    hardenSession(fakeSession as never)
    const cancelled = (url: string) => {
      let result = true
      fakeSession.beforeRequest!({ url }, ({ cancel }) => (result = cancel))
      return result
    }
    for (const url of [
      'https://example.org/x.js',
      'http://localhost/',
      'file:///etc/passwd',
      'ws://localhost/',
      'data:text/plain,x',
      'nonsense',
    ])
      expect(cancelled(url)).toBe(true)
    for (const url of ['app://winnow/assets/a.js', 'blob:app://winnow/1234']) expect(cancelled(url)).toBe(false)
  })
})

describe('isOwnPage', () => {
  it('knows the page by scheme and host', () => {
    for (const url of foreign) expect(isOwnPage(url)).toBe(false)
    expect(isOwnPage('app://winnow/')).toBe(true)
  })
})
