// What the page gets from Electron, in `winnowDesktop` (docs/hosts.md): a MessagePort to the service, and ids of
// folders that a person dropped on the window or chose in the system's dialog; and commands of the menu, whose language
// the page tells. Runs sandboxed and isolated from the page; no Electron object, no event and no path reaches it.

import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { channels, type Command, type GrantedPlace } from './api.ts'

declare const window: { postMessage(message: unknown, targetOrigin: string, ports: readonly unknown[]): void }
declare const location: { readonly origin: string }

type DroppedFile = Parameters<typeof webUtils.getPathForFile>[0]

ipcRenderer.on(channels.port, event => window.postMessage('winnow-port', location.origin, event.ports))

contextBridge.exposeInMainWorld('winnowDesktop', {
  connect: () => ipcRenderer.send(channels.connect),
  grant: (files: readonly DroppedFile[]): Promise<GrantedPlace[]> =>
    ipcRenderer.invoke(
      channels.grant,
      files.map(file => webUtils.getPathForFile(file)),
    ),
  setLanguage: (language: string) => ipcRenderer.send(channels.language, language),
  onCommand: (listener: (command: Command) => void) =>
    void ipcRenderer.on(channels.command, (_event, command: Command) => listener(command)),
  chooseFolders: (): Promise<GrantedPlace[]> => ipcRenderer.invoke(channels.choose),
})
