// The shell around the page: a menu in the page's language whose entries ask the page, progress in the taskbar, and a
// word when long work has ended and no one looks.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commands } from '../../../src/main/electron/api.ts'
import { runApp } from '../../../src/main/electron/app.ts'
import { menuTemplate } from '../../../src/main/electron/menu.ts'
import { shellTexts } from '../../../src/main/electron/texts.ts'
import { fakeElectron } from './fake-electron.ts'
import type { FakeMenuItem } from './fake-electron.ts'

let page = ''
beforeEach(() => {
  page = mkdtempSync(join(tmpdir(), 'winnow-shell-'))
  writeFileSync(join(page, 'index.html'), '<!doctype html>')
})
afterEach(() => rmSync(page, { recursive: true }))

async function start(locale = 'en-GB') {
  const electron = fakeElectron({ locale })
  await runApp(electron.api, { page, preload: '/preload.cjs', service: '/service.js' }, ['{}'])
  const window = electron.windows[0]!
  const say = (message: object) => electron.processes[0]!.emit('message', message)
  const ownPage = { senderFrame: window.webContents.mainFrame, sender: window.webContents }
  return { ...electron, window, say, ownPage }
}

const entries = (menu: readonly FakeMenuItem[]): FakeMenuItem[] =>
  menu.flatMap(item => [item, ...entries(item.submenu ?? [])])

describe('the menu', () => {
  it.each(['en', 'ko'])('has a label for each entry and offers every command (%s)', language => {
    const all = entries(menuTemplate(shellTexts(language).menu, false, () => {}) as FakeMenuItem[]).filter(
      item => item.type !== 'separator',
    )
    expect(all.filter(item => !item.label)).toEqual([])
    expect(all.flatMap(item => item.id ?? []).sort()).toEqual([...commands].sort())
  })

  it('leaves its keys to the page, which knows whether a text field wants them', () => {
    const keyed = entries(menuTemplate(shellTexts('en').menu, false, () => {}) as FakeMenuItem[]).filter(
      item => item.accelerator,
    )
    expect(keyed.length).toBeGreaterThan(5)
    expect(keyed.filter(item => item.registerAccelerator !== false)).toEqual([])
  })

  it("has the app's own menu first on a Mac", () => {
    const [first] = menuTemplate(shellTexts('en').menu, true, () => {}) as FakeMenuItem[]
    expect(first).toEqual({ role: 'appMenu' })
  })

  it('asks the page', async () => {
    const { menus, window } = await start()
    entries(menus.at(-1)!).find(item => item.id === 'review')!.click!()
    expect(window.webContents.told).toEqual([['winnow:command', 'review']])
  })

  it("begins in the system's language and then speaks the page's, as dialogs do", async () => {
    const { menus, ipcMain, ownPage, say, window, dialogs } = await start('en-GB')
    expect(menus.at(-1)!.map(({ label }) => label)).toContain('File')
    ipcMain.emit('winnow:language', ownPage, 'ko')
    expect(menus.at(-1)!.map(({ label }) => label)).toContain('파일')
    say({ kind: 'training', active: true })
    window.emit('close', { preventDefault() {} })
    expect(dialogs[0]).toMatchObject({ message: '모델을 학습하고 있습니다' })
  })

  it('listens to the language of its own page only', async () => {
    const { menus, ipcMain, ownPage } = await start()
    ipcMain.emit('winnow:language', { ...ownPage, senderFrame: { url: 'https://example.org/' } }, 'ko')
    ipcMain.emit('winnow:language', ownPage, { toString: () => 'ko' })
    expect(menus).toHaveLength(1)
  })
})

describe('the taskbar', () => {
  it('shows how far the work is, and nothing when it has ended or the service has died', async () => {
    const { say, window, processes } = await start()
    const shown = (share: unknown) => {
      say({ kind: 'progress', share })
      return window.progress
    }
    expect([shown('unknown'), shown(0.4), shown(null)]).toEqual([2, 0.4, -1])
    shown(0.7)
    processes[0]!.emit('exit', 139)
    expect(window.progress).toBe(-1)
  })
})

describe('a notification', () => {
  const ended = (work: string, seconds: number, failed = false) => ({ kind: 'ended', ended: { work, seconds, failed } })

  it('tells of a training or a long job that ended while no one looked, and leads to it', async () => {
    const { say, notifications, window } = await start()
    say(ended('training', 3))
    say(ended('import', 90))
    say(ended('classify', 90, true))
    expect(notifications.map(({ options }) => options.title)).toEqual([
      'Training: finished',
      'Adding photos: finished',
      'Classifying a folder: failed',
    ])
    notifications[0]!.emit('click')
    expect(window.calls).toContain('focus')
  })

  it('is not made for short jobs, nor while the window has the focus', async () => {
    const { say, notifications, window } = await start()
    say(ended('import', 2))
    window.focused = true
    say(ended('training', 300))
    expect(notifications).toEqual([])
  })

  it('is in the language of the page', async () => {
    const { say, notifications, ipcMain, ownPage } = await start()
    ipcMain.emit('winnow:language', ownPage, 'ko')
    say(ended('training', 3))
    expect(notifications[0]!.options).toEqual({ title: '학습: 완료', body: 'Winnow를 열어 결과를 보십시오.' })
  })
})
