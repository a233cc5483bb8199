// The life of the desktop app with a fake Electron: start, second start, connection of the page, training, closing, a
// dying service.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectPage, runApp } from '../../../src/main/electron/app.ts'
import { fakeElectron, FakePort } from './fake-electron.ts'

let page = ''
beforeEach(() => {
  page = mkdtempSync(join(tmpdir(), 'winnow-shell-'))
  writeFileSync(join(page, 'index.html'), '<!doctype html>')
})
afterEach(() => rmSync(page, { recursive: true }))

async function start(options: Parameters<typeof fakeElectron>[0] = {}) {
  const electron = fakeElectron(options)
  await runApp(electron.api, { page, preload: '/preload.cjs', service: '/service.js' }, ['{}'])
  return electron
}

/** Turns of the event loop: each lets in what the ports have, however busy the machine is. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
}

describe('starting', () => {
  it('sets what must be set before Electron is ready', async () => {
    const { calls, windows } = await start()
    expect(calls).toEqual(['sandbox', 'no domain blocking', 'schemes app', 'ready'])
    expect(windows.map(({ url }) => url)).toEqual(['app://winnow/'])
    expect(windows[0]!.options).toMatchObject({
      name: 'main',
      windowStatePersistence: true,
      webPreferences: { sandbox: true, preload: '/preload.cjs' },
    })
  })

  it('a second time does nothing but leave', async () => {
    const { calls, windows, processes } = await start({ locked: false })
    expect(calls).toEqual(['quit'])
    expect([windows.length, processes.length]).toEqual([0, 0])
  })

  it('a second time elsewhere brings the window to the front', async () => {
    const { app, windows } = await start()
    windows[0]!.minimised = true
    app.emit('second-instance')
    expect(windows).toHaveLength(1)
    expect(windows[0]!.calls).toEqual(['restore', 'show', 'focus'])
  })
})

describe('folders', () => {
  const pageOf = ({ windows }: Awaited<ReturnType<typeof start>>) => ({
    senderFrame: windows[0]!.webContents.mainFrame,
    sender: windows[0]!.webContents,
  })
  const answer = async (processes: Awaited<ReturnType<typeof start>>['processes']) => {
    await settled()
    for (const { message } of processes[0]!.sent) {
      if (message.kind === 'grant')
        processes[0]!.emit('message', {
          kind: 'granted',
          id: message.id,
          folderId: `id of ${(message as { path?: string }).path}`,
        })
    }
  }

  it('that are dropped go to the service by their path, and to the page by id and name', async () => {
    const electron = await start()
    const granted = electron.invoked.get('winnow:grant')!(pageOf(electron), ['/home/me/birds', '/home/me/new'])
    await answer(electron.processes)
    expect(await granted).toEqual([
      { id: 'id of /home/me/birds', name: 'birds' },
      { id: 'id of /home/me/new', name: 'new' },
    ])
  })

  it.each([[['']], [[42]], ['/etc'], [Array.from({ length: 101 }, () => '/x')]])(
    'that are none are not granted: %j',
    async paths => {
      const electron = await start()
      expect(await electron.invoked.get('winnow:grant')!(pageOf(electron), paths)).toEqual([])
      expect(electron.processes[0]!.sent).toEqual([])
    },
  )

  it('are granted to no other frame', async () => {
    const electron = await start({ chosen: ['/home/me/birds'] })
    const frame = { senderFrame: { url: 'app://winnow/' }, sender: pageOf(electron).sender }
    expect(await electron.invoked.get('winnow:grant')!(frame, ['/home/me/birds'])).toEqual([])
    expect(await electron.invoked.get('winnow:choose')!(frame)).toEqual([])
    expect(electron.dialogs).toEqual([])
  })

  it("are chosen in the system's dialog", async () => {
    const electron = await start({ chosen: ['/home/me/birds'], locale: 'ko' })
    const granted = electron.invoked.get('winnow:choose')!(pageOf(electron))
    await answer(electron.processes)
    expect(await granted).toEqual([{ id: 'id of /home/me/birds', name: 'birds' }])
    expect(electron.dialogs).toEqual([{ title: '사진 폴더', properties: ['openDirectory', 'multiSelections'] }])
  })

  it('asked for while the service dies are refused, not left open', async () => {
    const electron = await start()
    const granted = electron.invoked.get('winnow:grant')!(pageOf(electron), ['/home/me/birds']) as Promise<unknown>
    electron.processes[0]!.emit('exit', 9)
    await expect(granted).rejects.toThrow('starting again')
  })
})

describe('the page', () => {
  it('gets a port when its own top frame asks', async () => {
    const { ipcMain, windows, processes } = await start()
    const contents = windows[0]!.webContents
    ipcMain.emit('winnow:connect', { senderFrame: contents.mainFrame, sender: contents })
    expect(processes[0]!.sent.map(({ message }) => message.kind)).toEqual(['connect'])
    expect(processes[0]!.sent[0]!.ports[0]).toBeInstanceOf(FakePort)
    expect(contents.mainFrame.sent).toEqual([['winnow:port', null, [expect.any(FakePort)]]])
  })

  it.each([
    ['a frame that is gone', () => null],
    ['a frame inside it', () => ({ url: 'app://winnow/', postMessage() {} })],
    ['a foreign page', (own: { url: string }) => Object.assign(own, { url: 'https://example.org/' })],
  ])('%s gets none', async (_, frameOf) => {
    let connected = 0
    const own = { url: 'app://winnow/', postMessage() {} }
    const sender = { mainFrame: own }
    connectPage({ senderFrame: frameOf(own), sender } as never, { connect: () => (connected++, null as never) })
    expect(connected).toBe(0)
  })
})

describe('training', () => {
  it('ends throttling and sleep, and gives both back', async () => {
    const { processes, windows, blockers } = await start()
    processes[0]!.emit('message', { kind: 'training', active: true })
    expect([windows[0]!.webContents.throttled, blockers.size]).toEqual([false, 1])
    processes[0]!.emit('message', { kind: 'training', active: false })
    expect([windows[0]!.webContents.throttled, blockers.size]).toEqual([true, 0])
  })

  it.each([
    [0, true],
    [1, false],
  ])('closing asks first (answer %i keeps the window: %s)', async (dialogAnswer, kept) => {
    const { processes, windows, dialogs } = await start({ dialogAnswer })
    processes[0]!.emit('message', { kind: 'training', active: true })
    let prevented = false
    windows[0]!.emit('close', { preventDefault: () => (prevented = true) })
    expect(prevented).toBe(kept)
    expect(dialogs).toHaveLength(1)
  })

  it('closing without training does not ask', async () => {
    const { windows, dialogs } = await start()
    windows[0]!.emit('close', { preventDefault: () => expect.unreachable() })
    expect(dialogs).toEqual([])
  })

  it('is asked about in Korean where the system is', async () => {
    const { processes, windows, dialogs } = await start({ locale: 'ko-KR' })
    processes[0]!.emit('message', { kind: 'training', active: true })
    windows[0]!.emit('close', { preventDefault() {} })
    expect(dialogs[0]).toMatchObject({ message: '모델을 학습하고 있습니다' })
  })
})

describe('the service', () => {
  it('is started again when it dies, and training counts as over', async () => {
    const { processes, blockers } = await start()
    processes[0]!.emit('message', { kind: 'training', active: true })
    processes[0]!.emit('exit', 139)
    expect(processes).toHaveLength(2)
    expect(blockers.size).toBe(0)
  })

  it('is given up after five restarts with a sentence', async () => {
    const { processes, calls, dialogs } = await start()
    for (let death = 0; death < 6; death++) processes.at(-1)!.emit('exit', 139)
    expect(processes).toHaveLength(6)
    expect(calls.at(-1)).toBe('exit 1')
    expect(dialogs[0]).toEqual(['Winnow cannot go on', expect.stringContaining('139')])
  })

  it('closes its library before the app ends, once', async () => {
    const { app, processes, calls } = await start()
    let prevented = 0
    const quit = () => app.emit('will-quit', { preventDefault: () => prevented++ })
    quit()
    quit()
    expect(processes[0]!.sent.map(({ message }) => message.kind)).toEqual(['close'])
    processes[0]!.emit('message', { kind: 'closed' })
    await settled()
    expect([prevented, calls.at(-1), processes[0]!.killed]).toEqual([2, 'exit 0', true])
  })

  it('does not hold up the end when it dies while closing', async () => {
    const { app, processes, calls } = await start()
    app.emit('will-quit', { preventDefault() {} })
    processes[0]!.emit('exit', 1)
    await settled()
    expect(calls.at(-1)).toBe('exit 0')
    expect(processes).toHaveLength(1)
  })
})

describe('app: addresses', () => {
  const ask = async (
    electron: Awaited<ReturnType<typeof start>>,
    url: string,
    extra: { method?: string; initiatorOrigin?: string } = {},
  ) => electron.handlers.get('app')!({ url, method: 'GET', arrayBuffer: async () => new ArrayBuffer(3), ...extra })

  it('give the page with its content policy', async () => {
    const response = await ask(await start(), 'app://winnow/')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    const policy = response.headers.get('content-security-policy')!
    expect(policy.replace("'wasm-unsafe-eval'", '')).not.toMatch(/unsafe|ws:|http/)
    expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp')
  })

  it.each([
    'app://winnow/../../etc/passwd',
    'app://winnow/%2e%2e/secret',
    'app://winnow/package.json',
    'app://winnow//etc/passwd',
  ])('hold nothing at %s', async url => {
    expect((await ask(await start(), url)).status).toBe(404)
  })

  it('refuse strangers', async () => {
    const electron = await start()
    expect((await ask(electron, 'app://winnow/', { initiatorOrigin: 'https://example.org' })).status).toBe(403)
    expect((await ask(electron, 'app://winnow/', { initiatorOrigin: 'null' })).status).toBe(403)
    expect((await ask(electron, 'app://other/')).status).toBe(403)
  })

  it('ask the service for bytes and pass its answer on', async () => {
    const electron = await start()
    const asked = ask(electron, 'app://winnow/bytes/checkpoint?runId=1&kind=best', {
      method: 'PUT',
      initiatorOrigin: 'app://winnow',
    })
    await settled()
    const { message } = electron.processes[0]!.sent[0]!
    expect(message).toMatchObject({
      kind: 'bytes',
      question: {
        method: 'PUT',
        name: 'checkpoint',
        query: [
          ['runId', '1'],
          ['kind', 'best'],
        ],
        body: new Uint8Array(3),
      },
    })
    electron.processes[0]!.emit('message', {
      kind: 'bytes',
      id: message.id,
      answer: { status: 200, bytes: new Uint8Array([5]), type: 'image/webp', fileName: null },
    })
    const response = await asked
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([5])
    expect(response.headers.get('content-type')).toBe('image/webp')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('answer with an error when the service dies under them', async () => {
    const electron = await start()
    const asked = ask(electron, 'app://winnow/bytes/photo?photoId=1')
    await settled()
    electron.processes[0]!.emit('exit', 1)
    const response = await asked
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ code: 'disconnected' })
  })
})
