// Chooses the way to the service: the desktop shell's preload leaves its hands in `window.winnowDesktop`, a browser tab
// has none.

import type { Connection } from './client-key.ts'
import { connectBrowser } from './connect-browser.ts'
import { connectDesktop } from './connect-desktop.ts'
import type { DesktopHands } from './connect-desktop.ts'

/** Opens the connection of this page. */
export function connect(page: Window & { readonly winnowDesktop?: DesktopHands }): Connection {
  return page.winnowDesktop ? connectDesktop(page, page.winnowDesktop) : connectBrowser(page)
}
