// The one window. While a model is being trained it is not throttled in the background, the machine is kept awake, and
// closing asks first.

import type { BrowserWindow } from 'electron'
import { appOrigin, type ElectronApi } from './api.ts'
import { hardenContents, webPreferences } from './security.ts'
import type { WorkShare } from './service-messages.ts'
import type { ShellTexts } from './texts.ts'

export interface AppWindow {
  readonly window: BrowserWindow
  setTraining(active: boolean): void
  /** Shown in the taskbar or the dock. */
  setProgress(share: WorkShare): void
  /** Shows it and brings it to the front. */
  focus(): void
}

export function openWindow(
  electron: Pick<ElectronApi, 'BrowserWindow' | 'dialog' | 'powerSaveBlocker'>,
  preload: string,
  texts: () => ShellTexts,
): AppWindow {
  const window = new electron.BrowserWindow({
    // Where it was, how large, and whether it filled the screen is remembered by Electron under the window's name.
    name: 'main',
    windowStatePersistence: true,
    width: 1280,
    height: 860,
    minWidth: 900,
    minHeight: 600,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#16181d',
    webPreferences: webPreferences(preload),
  })
  const training = createTrainingState(electron, window)
  hardenContents(window.webContents)
  window.once('ready-to-show', () => window.show())
  window.on('close', event => {
    if (training.active() && !confirmClose(electron, window, texts())) event.preventDefault()
  })
  window.on('closed', () => training.set(false))
  void window.loadURL(`${appOrigin}/`)
  return {
    window,
    setTraining: training.set,
    setProgress: share => showProgress(window, share),
    focus: () => bringToFront(window),
  }
}

/** Electron takes -1 for none, and more than 1 for "it cannot be said". */
function showProgress(window: BrowserWindow, share: WorkShare): void {
  if (!window.isDestroyed()) window.setProgressBar(share === null ? -1 : share === 'unknown' ? 2 : share)
}

function createTrainingState({ powerSaveBlocker }: Pick<ElectronApi, 'powerSaveBlocker'>, window: BrowserWindow) {
  let blocker: number | null = null
  return {
    active: () => blocker !== null,
    set(active: boolean): void {
      if (active === (blocker !== null)) return
      if (!window.isDestroyed()) window.webContents.setBackgroundThrottling(!active)
      if (blocker !== null) powerSaveBlocker.stop(blocker)
      blocker = active ? powerSaveBlocker.start('prevent-app-suspension') : null
    },
  }
}

/** Waits for the answer, as a close handler must. */
function confirmClose({ dialog }: Pick<ElectronApi, 'dialog'>, window: BrowserWindow, texts: ShellTexts): boolean {
  const answer = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: texts.trainingTitle,
    detail: texts.trainingDetail,
    buttons: [texts.keepTraining, texts.closeAnyway],
    defaultId: 0,
    cancelId: 0,
  })
  return answer === 1
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
