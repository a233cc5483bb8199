// The way to the service in a browser tab. The address printed by the host carries a token in its fragment; it is
// exchanged once for a cookie that scripts cannot read, and taken out of the address, so that it is in no history and
// no screenshot.

import { shallowRef } from 'vue'
import { createBytesClient } from '../../contract/client-bytes.ts'
import type { ToWorker } from '../training/messages.ts'
import type { Connection, ConnectionState } from './client-key.ts'
import { createReconnecting } from './reconnecting.ts'
import { openSocket } from './wire.ts'

/** Opens the connection of a browser tab; it lives as long as the page. */
export function connectBrowser(page: Pick<Window, 'location' | 'history' | 'addEventListener'>): Connection {
  const { location, history } = page
  const state = shallowRef<ConnectionState>('connecting')
  const epoch = shallowRef(0)
  const socket = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/wire`
  let token = takeToken(location, history)
  // The address of a service that was started again differs from this page's only behind the #, so the browser does not
  // load it by itself.
  page.addEventListener('popstate', () => {
    const fresh = takeToken(location, history)
    if (fresh !== null) void exchange(fresh).finally(() => location.reload())
  })

  async function open() {
    if (token !== null) await exchange(token)
    token = null
    try {
      return await openSocket(socket)
    } catch (error) {
      if (await isRefused()) state.value = 'refused'
      throw error
    }
  }

  const client = createReconnecting({
    open,
    bytes: createBytesClient('', (url, init) => fetch(url, init)),
    onState: next => {
      if (next === 'open' && state.value !== 'connecting') epoch.value++
      if (state.value !== 'refused' || next === 'open') state.value = next
    },
  })
  return {
    client,
    state,
    epoch,
    folders: null,
    menu: null,
    connectWorker: worker => worker.postMessage({ kind: 'connect', base: '', socket, port: null } satisfies ToWorker),
  }
}

/** The token of `#token=...`, or null. What follows it is left as the page's own address. */
export function takeToken(location: Pick<Location, 'hash'>, history: Pick<History, 'replaceState'>): string | null {
  const found = /^#token=([\w-]+)/.exec(location.hash)
  if (!found) return null
  history.replaceState(null, '', location.hash.slice(found[0].length) || '#/')
  return found[1]!
}

async function exchange(token: string): Promise<void> {
  await fetch('/session', { method: 'POST', headers: { Authorization: `Bearer ${token}` } })
}

async function isRefused(): Promise<boolean> {
  return fetch('/session').then(
    answer => answer.status === 401,
    () => false,
  )
}
