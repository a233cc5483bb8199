// Chooses the way to the service: the desktop shell's preload leaves its bridge in `window.winnowDesktop`, a browser tab
// has none.

import type { Connection } from './client-key.ts'
import { connectBrowser } from './connect-browser.ts'
import { connectDesktop } from './connect-desktop.ts'
import type { DesktopBridge } from './connect-desktop.ts'

/** Opens the connection of this page. */
export function connect(page: Window & { readonly winnowDesktop?: DesktopBridge }): Connection {
  return page.winnowDesktop ? connectDesktop(page, page.winnowDesktop) : connectBrowser(page)
}
