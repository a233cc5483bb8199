// The one thing the page gets from Electron: `winnowDesktop.connect()`, which brings a MessagePort to the service (docs/hosts.md).
// Runs sandboxed and isolated from the page; no Electron object and no event reaches it.

import { contextBridge, ipcRenderer } from 'electron'
import { channels } from './api.ts'

declare const window: { postMessage(message: unknown, targetOrigin: string, ports: readonly unknown[]): void }
declare const location: { readonly origin: string }

ipcRenderer.on(channels.port, event => window.postMessage('winnow-port', location.origin, event.ports))

contextBridge.exposeInMainWorld('winnowDesktop', {
  connect: () => ipcRenderer.send(channels.connect),
})
