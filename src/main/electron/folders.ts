// Folders that a person gives to the page: dropped on the window, or chosen in the system's dialog. Paths come from the
// preload script, which has them from Electron and not from the page, and go to the service; the page gets ids.

import { basename } from 'node:path'
import { channels, type ElectronApi, type GrantedPlace } from './api.ts'
import { isPageFrame } from './security.ts'
import type { ServiceHost } from './service-host.ts'
import type { ShellTexts } from './texts.ts'

export function handleFolders(
  { ipcMain, dialog }: Pick<ElectronApi, 'ipcMain' | 'dialog'>,
  service: Pick<ServiceHost, 'grant'>,
  texts: () => ShellTexts,
): void {
  const grantAll = (paths: readonly string[]): Promise<GrantedPlace[]> =>
    Promise.all(paths.map(async path => ({ id: await service.grant(path), name: basename(path) || path })))
  ipcMain.handle(channels.grant, (event, paths: unknown) =>
    isPageFrame(event) && isPaths(paths) ? grantAll(paths) : [],
  )
  ipcMain.handle(channels.choose, async event => {
    if (!isPageFrame(event)) return []
    const { filePaths } = await dialog.showOpenDialog({
      title: texts().chooseTitle,
      properties: ['openDirectory', 'multiSelections'],
    })
    return grantAll(filePaths)
  })
}

/** Made files, which have no path, come as ''. */
function isPaths(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= 100 && value.every(path => typeof path === 'string' && path !== '')
}
