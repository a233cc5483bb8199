// The way to the service in the desktop shell. Each call of the preload's connect() brings one MessagePort by way of a
// window message; the page takes one for itself and one for its training worker. Bytes are addresses of the same origin
// (app:), as in a browser tab.

import { shallowRef } from 'vue'
import { createBytesClient } from '../../contract/client-bytes.ts'
import type { FromWorker, ToWorker } from '../training/messages.ts'
import type { Connection, ConnectionState, DesktopFolders, DesktopMenu } from './client-key.ts'
import { createReconnecting } from './reconnecting.ts'
import { wireOfMessagePort } from './wire.ts'

export interface DesktopBridge extends DesktopFolders, DesktopMenu {
  connect(): void
}

/** Opens the connection of a window; it lives as long as the page. */
export function connectDesktop(page: Window, bridge: DesktopBridge): Connection {
  const state = shallowRef<ConnectionState>('connecting')
  const epoch = shallowRef(0)
  const askPort = portAsker(page, bridge)
  const client = createReconnecting({
    open: async () => wireOfMessagePort(await askPort()),
    bytes: createBytesClient('', (url, init) => fetch(url, init)),
    onState: next => {
      if (next === 'open' && state.value !== 'connecting') epoch.value++
      state.value = next
    },
  })
  const connectWorker = (worker: Worker) => {
    const send = async () => {
      const port = await askPort()
      worker.postMessage({ kind: 'connect', base: '', socket: null, port } satisfies ToWorker, [port])
    }
    worker.addEventListener('message', (event: MessageEvent<FromWorker>) => {
      if (event.data.kind === 'port-please') void send()
    })
    void send()
  }
  return { client, state, epoch, connectWorker, folders: bridge, menu: bridge }
}

// Ports come in the order they were asked for.
function portAsker(page: Window, bridge: DesktopBridge): () => Promise<MessagePort> {
  const waiting: ((port: MessagePort) => void)[] = []
  page.addEventListener('message', event => {
    if (event.source !== page || event.data !== 'winnow-port' || !event.ports[0]) return
    waiting.shift()?.(event.ports[0])
  })
  return () =>
    new Promise(resolve => {
      waiting.push(resolve)
      bridge.connect()
    })
}
