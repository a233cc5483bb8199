// The life of the desktop app: one instance, hardened session, the app: scheme, the service in its own process, one
// window. Quitting waits for the service to close its library.

import type { IpcMainEvent } from 'electron'
import { readPageFiles } from '../hosts/page-files.ts'
import { channels, type AppPaths, type ElectronApi } from './api.ts'
import { appScheme, createAppProtocol } from './app-protocol.ts'
import { handleFolders } from './folders.ts'
import { setMenu } from './menu.ts'
import { notifyEnded } from './notify.ts'
import { hardenContents, hardenSession, isPageFrame } from './security.ts'
import { startServiceHost, type ServiceHost } from './service-host.ts'
import { shellTexts } from './texts.ts'
import { openWindow, type AppWindow } from './window.ts'

/** Resolves when the window is open, or at once where another instance is running already (that one comes to the
 *  front). */
export async function runApp(electron: ElectronApi, paths: AppPaths, serviceArgs: readonly string[]): Promise<void> {
  const { app, protocol } = electron
  if (!app.requestSingleInstanceLock()) return app.quit()
  app.enableSandbox()
  // Otherwise two losses of the GPU would block WebGPU for the page until it is reloaded.
  app.disableDomainBlockingFor3DAPIs()
  protocol.registerSchemesAsPrivileged([appScheme])
  app.on('web-contents-created', (_event, contents) => hardenContents(contents))
  await app.whenReady()
  hardenSession(electron.session.defaultSession)
  openApp(electron, paths, serviceArgs)
}

function openApp(electron: ElectronApi, paths: AppPaths, serviceArgs: readonly string[]): void {
  const { app, dialog, protocol } = electron
  let texts = shellTexts(app.getLocale())
  let shown: AppWindow | null = null
  const showMenu = () =>
    setMenu(electron.Menu, texts.menu, process.platform === 'darwin', command =>
      shown?.window.webContents.send(channels.command, command),
    )
  const service = startServiceHost(electron, {
    entry: paths.service,
    args: serviceArgs,
    onTraining: active => shown?.setTraining(active),
    onProgress: share => shown?.setProgress(share),
    onEnded: ended => shown && notifyEnded(electron, shown, texts, ended),
    onReveal: path => electron.shell.showItemInFolder(path),
    onGivenUp(exitCode) {
      dialog.showErrorBox(texts.stoppedTitle, texts.stoppedDetail(exitCode))
      app.exit(1)
    },
  })
  protocol.handle(
    'app',
    createAppProtocol(readPageFiles(paths.page), question => service.ask(question)) as (
      request: Request,
    ) => Promise<Response>,
  )
  electron.ipcMain.on(channels.connect, event => connectPage(event, service))
  handleFolders(electron, service, () => texts)
  electron.ipcMain.on(channels.language, (event, language: unknown) => {
    if (!isPageFrame(event) || typeof language !== 'string') return
    texts = shellTexts(language)
    showMenu()
  })
  const show = () => {
    shown = openWindow(electron, paths.preload, () => texts)
    shown.window.on('closed', () => void (shown = null))
  }
  app.on('second-instance', () => (shown ? shown.focus() : show()))
  app.on('activate', () => (shown ? shown.focus() : show()))
  app.on('window-all-closed', () => app.quit())
  quitAfterClosing(electron, service)
  showMenu()
  show()
}

/** Only the page's own top frame gets a port; a frame that has gone away in the meantime (null) gets none. */
export function connectPage(
  event: Pick<IpcMainEvent, 'senderFrame' | 'sender'>,
  service: Pick<ServiceHost, 'connect'>,
): void {
  const frame = event.senderFrame
  if (!frame || !isPageFrame(event)) return
  frame.postMessage(channels.port, null, [service.connect()])
}

function quitAfterClosing({ app }: Pick<ElectronApi, 'app'>, service: ServiceHost): void {
  let closing = false
  app.on('will-quit', event => {
    event.preventDefault()
    if (closing) return
    closing = true
    void service.close().finally(() => app.exit(0))
  })
}
