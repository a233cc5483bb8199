// A notification of the system when a training or other long work has ended and no one is looking; a click on it brings
// the window to the front.

import type { ElectronApi } from './api.ts'
import type { EndedWork } from './service-messages.ts'
import type { ShellTexts } from './texts.ts'
import type { AppWindow } from './window.ts'

/** Work that took less is not worth a word. */
const LONG_SECONDS = 20

/** Says what ended, where that is worth it: never while the window has the focus, and of short jobs nothing. */
export function notifyEnded(
  { Notification }: Pick<ElectronApi, 'Notification'>,
  shown: AppWindow,
  texts: ShellTexts,
  { work, failed, seconds }: EndedWork,
): void {
  const worth = work === 'training' || seconds >= LONG_SECONDS
  if (!worth || shown.window.isFocused() || !Notification.isSupported()) return
  const title = failed ? texts.workFailed(texts.works[work]) : texts.workDone(texts.works[work])
  const notification = new Notification({ title, body: failed ? texts.workFailedDetail : texts.workDoneDetail })
  notification.on('click', () => shown.focus())
  notification.show()
}
