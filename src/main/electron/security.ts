// What the page may not do, by Electron's security checklist: leave its origin, open windows, embed other pages, ask
// for permissions (but for the camera), load anything that is not its own. Each function hardens one object as soon as
// it exists.

import type { BrowserWindowConstructorOptions, IpcMainEvent, Session, WebContents } from 'electron'
import { appOrigin } from './api.ts'

/** Preferences of every window. The defaults are said out loud so that a test can hold them. */
export function webPreferences(preload: string): NonNullable<BrowserWindowConstructorOptions['webPreferences']> {
  return {
    preload,
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
    spellcheck: false,
  }
}

const allowedPermissions: readonly string[] = ['clipboard-sanitized-write', 'fullscreen']
/** The camera, for a look at what a model says; never the microphone. */
function isCamera(permission: string, mediaTypes: readonly (string | undefined)[]): boolean {
  return permission === 'media' && mediaTypes.length > 0 && mediaTypes.every(type => type === 'video')
}

const allowedSchemes: readonly string[] = ['app:', 'blob:', 'devtools:']

export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const camera =
      isOwnPage(details.requestingUrl) &&
      isCamera(permission, 'mediaTypes' in details ? (details.mediaTypes ?? []) : [])
    answer(camera || allowedPermissions.includes(permission))
  })
  session.setPermissionCheckHandler(
    (_contents, permission, origin, details) =>
      allowedPermissions.includes(permission) || (isOwnPage(origin) && isCamera(permission, [details.mediaType])),
  )
  session.webRequest.onBeforeRequest((details, answer) =>
    answer({ cancel: !allowedSchemes.includes(schemeOf(details.url)) }),
  )
}

export function hardenContents(contents: WebContents): void {
  const stayHome = (event: { preventDefault(): void }, url: string) => {
    if (!isOwnPage(url)) event.preventDefault()
  }
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event, url) => stayHome(event, url))
  contents.on('will-frame-navigate', event => stayHome(event, event.url))
  contents.on('will-redirect', (event, url) => stayHome(event, url))
  contents.on('will-attach-webview', event => event.preventDefault())
}

/** Whether a URL is of the page's own origin; what does not parse is not. */
export function isOwnPage(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && `${parsed.protocol}//${parsed.host}` === appOrigin
}

/** Whether a message comes from the page's own top frame, still there. */
export function isPageFrame({ senderFrame, sender }: Pick<IpcMainEvent, 'senderFrame' | 'sender'>): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOwnPage(senderFrame.url)
}

function schemeOf(url: string): string {
  return URL.parse(url)?.protocol ?? ''
}
