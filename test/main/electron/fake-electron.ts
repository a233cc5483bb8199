// Electron as far as the shell uses it: objects that record what was asked of them and emit what a test tells them to.

import { EventEmitter } from 'node:events'
import type { ElectronApi } from '../../../src/main/electron/api.ts'

export class FakePort extends EventEmitter {
  readonly sent: unknown[] = []
  started = false
  /** The other end of the channel. */
  peer: FakePort | null = null
  postMessage(message: unknown): void {
    this.sent.push(message)
    queueMicrotask(() => this.peer?.emit('message', { data: structuredClone(message), ports: [] }))
  }
  start(): void {
    this.started = true
  }
  close(): void {
    this.peer?.emit('close')
  }
}

export class FakeChannel {
  readonly port1 = new FakePort()
  readonly port2 = new FakePort()
  constructor() {
    this.port1.peer = this.port2
    this.port2.peer = this.port1
  }
}

export class FakeProcess extends EventEmitter {
  readonly sent: { message: { kind: string; id?: number }; ports: unknown[] }[] = []
  killed = false
  postMessage(message: { kind: string }, ports: unknown[] = []): void {
    this.sent.push({ message, ports })
  }
  kill(): boolean {
    return (this.killed = true)
  }
}

export class FakeContents extends EventEmitter {
  openHandler: ((details: { url: string }) => { action: string }) | null = null
  throttled = true
  /** Sent to the page: channel and values. */
  readonly told: unknown[][] = []
  send(...message: unknown[]): void {
    this.told.push(message)
  }
  readonly mainFrame = {
    url: 'app://winnow/',
    sent: [] as unknown[][],
    postMessage(...message: unknown[]) {
      this.sent.push(message)
    },
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
  setBackgroundThrottling(throttled: boolean): void {
    this.throttled = throttled
  }
}

export class FakeWindow extends EventEmitter {
  static readonly all: FakeWindow[] = []
  readonly webContents = new FakeContents()
  readonly calls: string[] = []
  readonly options: { webPreferences: Record<string, unknown> }
  url = ''
  destroyed = false
  minimised = false
  focused = false
  progress: number | null = null
  constructor(options: { webPreferences: Record<string, unknown> }) {
    super()
    this.options = options
    FakeWindow.all.push(this)
  }
  async loadURL(url: string): Promise<void> {
    this.url = url
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  isFocused(): boolean {
    return this.focused
  }
  setProgressBar(share: number): void {
    this.progress = share
  }
  isMinimized(): boolean {
    return this.minimised
  }
  show(): void {
    this.calls.push('show')
  }
  focus(): void {
    this.calls.push('focus')
  }
  restore(): void {
    this.calls.push('restore')
  }
}

export class FakeNotification extends EventEmitter {
  static readonly shown: FakeNotification[] = []
  static isSupported(): boolean {
    return true
  }
  readonly options: { title: string; body: string }
  constructor(options: { title: string; body: string }) {
    super()
    this.options = options
  }
  show(): void {
    FakeNotification.shown.push(this)
  }
}

export interface FakeMenuItem {
  readonly id?: string
  readonly label?: string
  readonly role?: string
  readonly type?: string
  readonly accelerator?: string
  readonly registerAccelerator?: boolean
  readonly submenu?: readonly FakeMenuItem[]
  readonly click?: () => void
}

export class FakeSession {
  permissionRequest:
    | ((contents: unknown, permission: string, answer: (granted: boolean) => void, details: object) => void)
    | null = null
  permissionCheck: ((contents: unknown, permission: string, origin: string, details: object) => boolean) | null = null
  beforeRequest: ((details: { url: string }, answer: (result: { cancel: boolean }) => void) => void) | null = null
  readonly webRequest = {
    onBeforeRequest: (handler: FakeSession['beforeRequest']) => void (this.beforeRequest = handler),
  }
  setPermissionRequestHandler(handler: FakeSession['permissionRequest']): void {
    this.permissionRequest = handler
  }
  setPermissionCheckHandler(handler: FakeSession['permissionCheck']): void {
    this.permissionCheck = handler
  }
}

export type FakeInvoke = (event: unknown, ...values: unknown[]) => unknown

export function fakeElectron({ locked = true, locale = 'en-GB', dialogAnswer = 0, chosen = [] as string[] } = {}) {
  FakeWindow.all.length = 0
  FakeNotification.shown.length = 0
  const menus: (readonly FakeMenuItem[])[] = []
  const calls: string[] = []
  const app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: () => locked,
    quit: () => void calls.push('quit'),
    exit: (code: number) => void calls.push(`exit ${code}`),
    enableSandbox: () => void calls.push('sandbox'),
    disableDomainBlockingFor3DAPIs: () => void calls.push('no domain blocking'),
    whenReady: async () => void calls.push('ready'),
    getLocale: () => locale,
  })
  const processes: FakeProcess[] = []
  const handlers = new Map<string, (request: unknown) => Promise<Response>>()
  const invoked = new Map<string, FakeInvoke>()
  const session = new FakeSession()
  const blockers = new Set<number>()
  const dialogs: unknown[] = []
  const parts = {
    app,
    BrowserWindow: FakeWindow,
    dialog: {
      showMessageBoxSync: (_window: unknown, options: unknown) => (dialogs.push(options), dialogAnswer),
      showOpenDialog: async (options: unknown) => (
        dialogs.push(options),
        { canceled: chosen.length === 0, filePaths: chosen }
      ),
      showErrorBox: (...texts: string[]) => void dialogs.push(texts),
    },
    ipcMain: Object.assign(new EventEmitter(), {
      handle: (channel: string, handler: FakeInvoke) => void invoked.set(channel, handler),
    }),
    Menu: {
      buildFromTemplate: (template: readonly FakeMenuItem[]) => template,
      setApplicationMenu: (menu: readonly FakeMenuItem[]) => void menus.push(menu),
    },
    MessageChannelMain: FakeChannel,
    Notification: FakeNotification,
    powerSaveBlocker: {
      start: () => (blockers.add(blockers.size + 1), blockers.size),
      stop: (id: number) => blockers.delete(id),
    },
    protocol: {
      registerSchemesAsPrivileged: (schemes: { scheme: string }[]) =>
        void calls.push(`schemes ${schemes.map(({ scheme }) => scheme).join()}`),
      handle: (scheme: string, handler: (request: unknown) => Promise<Response>) => void handlers.set(scheme, handler),
    },
    session: { defaultSession: session },
    shell: { showItemInFolder: (path: string) => void calls.push(`show ${path}`) },
    utilityProcess: { fork: () => (processes.push(new FakeProcess()), processes.at(-1)!) },
  }
  return {
    api: parts as unknown as ElectronApi,
    ...parts,
    calls,
    processes,
    handlers,
    invoked,
    fakeSession: session,
    blockers,
    dialogs,
    menus,
    windows: FakeWindow.all,
    notifications: FakeNotification.shown,
  }
}
