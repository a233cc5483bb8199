// What the page gets from Electron, in `winnowDesktop` (docs/hosts.md): a MessagePort to the service, and ids of folders that a person dropped on
// the window or chose in the system's dialog. Runs sandboxed and isolated from the page; no Electron object, no event and no path reaches it.

import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { channels, type GrantedPlace } from './api.ts'

declare const window: { postMessage(message: unknown, targetOrigin: string, ports: readonly unknown[]): void }
declare const location: { readonly origin: string }

type DroppedFile = Parameters<typeof webUtils.getPathForFile>[0]

ipcRenderer.on(channels.port, event => window.postMessage('winnow-port', location.origin, event.ports))

contextBridge.exposeInMainWorld('winnowDesktop', {
  connect: () => ipcRenderer.send(channels.connect),
  grant: (files: readonly DroppedFile[]): Promise<GrantedPlace[]> => ipcRenderer.invoke(channels.grant, files.map(file => webUtils.getPathForFile(file))),
  chooseFolders: (): Promise<GrantedPlace[]> => ipcRenderer.invoke(channels.choose),
})
