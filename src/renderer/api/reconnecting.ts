// A Client that outlives its connection: when the wire ends it opens another, subscribes anew to what was subscribed, and lets new requests
// wait a little for it. Requests that were under way fail with the sentence of the contract, since the service may have done them or not.

import { ServiceError } from '../../contract/errors.ts'
import { createClient } from '../../contract/client.ts'
import type { BytesClient, PortClient } from '../../contract/client.ts'
import type { Client, StreamItem, StreamName, StreamParams } from '../../contract/table.ts'
import type { Wire } from './wire.ts'

export interface ReconnectingOptions {
  readonly open: () => Promise<Wire>
  readonly bytes: BytesClient
  readonly onState: (state: 'open' | 'lost' | 'refused') => void
  /** Pause before the n-th try, in milliseconds. */
  readonly pause?: (attempt: number) => number
}

interface Subscription {
  readonly start: (client: PortClient) => () => void
  stop: () => void
}

const WAIT_MS = 10_000
const defaultPause = (attempt: number) => Math.min(5_000, 250 * 2 ** attempt)

/** Begins to connect at once; `close` ends it for good. */
export function createReconnecting({ open, bytes, onState, pause = defaultPause }: ReconnectingOptions): Client & { close(): void } {
  const subscriptions = new Set<Subscription>()
  let current: { readonly client: PortClient; readonly wire: Wire } | null = null
  let waiting: ((client: PortClient | null) => void)[] = []
  let over = false

  async function connect(attempt: number): Promise<void> {
    if (over) return
    try {
      attach(await open())
    } catch {
      onState('lost')
      setTimeout(() => void connect(attempt + 1), pause(attempt))
    }
  }

  function attach(wire: Wire): void {
    if (over) return wire.close()
    const client = createClient(wire.port, bytes)
    current = { client, wire }
    wire.onClose(refused => detach(client, refused))
    for (const subscription of subscriptions) subscription.stop = subscription.start(client)
    onState('open')
    for (const resolve of waiting.splice(0)) resolve(client)
  }

  function detach(client: PortClient, refused: boolean): void {
    client.close()
    current = null
    for (const subscription of subscriptions) subscription.stop = () => {}
    if (over) return
    onState(refused ? 'refused' : 'lost')
    if (!refused) void connect(0)
  }

  function whenOpen(): Promise<PortClient | null> {
    if (current) return Promise.resolve(current.client)
    return new Promise(resolve => {
      const timer = setTimeout(() => {
        waiting = waiting.filter(other => other !== done)
        resolve(null)
      }, WAIT_MS)
      const done = (client: PortClient | null) => {
        clearTimeout(timer)
        resolve(client)
      }
      waiting.push(done)
    })
  }

  function subscribe<N extends StreamName>(name: N, params: StreamParams<N>, onItem: (item: StreamItem<N>) => void): () => void {
    const subscription: Subscription = { start: client => client.subscribe(name, params, onItem), stop: () => {} }
    subscriptions.add(subscription)
    if (current) subscription.stop = subscription.start(current.client)
    return () => {
      subscriptions.delete(subscription)
      subscription.stop()
    }
  }

  void connect(0)
  return {
    async request(name, params) {
      const client = await whenOpen()
      if (!client) throw new ServiceError('connection-lost', 'The service did not answer in time.', 'Winnow keeps trying to connect. Try again then.')
      return client.request(name, params)
    },
    subscribe,
    getBytes: bytes.getBytes, putBytes: bytes.putBytes, url: bytes.url,
    close() {
      over = true
      current?.wire.close()
      current?.client.close()
      for (const resolve of waiting.splice(0)) resolve(null)
    },
  }
}
