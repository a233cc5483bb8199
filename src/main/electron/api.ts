// The part of Electron that the shell uses, handed in by the entries so that everything else runs in tests without
// Electron.

import type * as Electron from 'electron'
import { stages } from '../../contract/stages.ts'
import type { Stage } from '../../contract/stages.ts'

export type ElectronApi = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'MessageChannelMain'
  | 'Notification'
  | 'powerSaveBlocker'
  | 'protocol'
  | 'session'
  | 'shell'
  | 'utilityProcess'
>

/** The page's one origin. */
export const appOrigin = 'app://winnow'

/** Channels between the preload script and the main process. */
export const channels = {
  connect: 'winnow:connect',
  port: 'winnow:port',
  grant: 'winnow:grant',
  choose: 'winnow:choose',
  language: 'winnow:language',
  command: 'winnow:command',
} as const

/** What the menu asks of the page. */
const shellCommands = ['add', 'libraries', 'undo', 'redo', 'keys'] as const
export type Command = (typeof shellCommands)[number] | Stage
export const commands: readonly Command[] = [...shellCommands, ...stages]

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
