// The part of Electron that the shell uses, handed in by the entries so that everything else runs in tests without Electron.

import type * as Electron from 'electron'

export type ElectronApi = Pick<
  typeof Electron,
  'app' | 'BrowserWindow' | 'dialog' | 'ipcMain' | 'MessageChannelMain' | 'powerSaveBlocker' | 'protocol' | 'session' | 'shell' | 'utilityProcess'
>

/** The page's one origin. */
export const appOrigin = 'app://winnow'

/** Channels between the preload script and the main process. */
export const channels = { connect: 'winnow:connect', port: 'winnow:port', grant: 'winnow:grant', choose: 'winnow:choose' } as const

/** A folder, list or archive that a person gave to the page: by its id the page can list and import it. */
export interface GrantedPlace {
  readonly id: string
  readonly name: string
}

/** Absolute paths of the built parts. */
export interface AppPaths {
  readonly page: string
  readonly preload: string
  readonly service: string
}
