// A Client that outlives its connection: when the wire ends it opens another, subscribes anew to what was subscribed,
// and lets new requests wait a little for it. Requests that were under way fail with the sentence of the contract,
// since the service may have done them or not.

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

const WAIT_MS = 10_000
const defaultPause = (attempt: number) => Math.min(5_000, 250 * 2 ** attempt)

/** Begins to connect at once; `close` ends it for good. */
export function createReconnecting({
  open,
  bytes,
  onState,
  pause = defaultPause,
}: ReconnectingOptions): Client & { close(): void } {
  const subscriptions = createSubscriptions()
  const waiting = createWaitingRoom()
  let current: { readonly client: PortClient; readonly wire: Wire } | null = null
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
    subscriptions.startOn(client)
    onState('open')
    waiting.letIn(client)
  }

  function detach(client: PortClient, refused: boolean): void {
    client.close()
    current = null
    subscriptions.lose()
    if (over) return
    onState(refused ? 'refused' : 'lost')
    if (!refused) void connect(0)
  }

  void connect(0)
  return {
    async request(name, params) {
      const client = await (current?.client ?? waiting.wait())
      if (!client)
        throw new ServiceError(
          'connection-lost',
          'The service did not answer in time.',
          'Winnow keeps trying to connect. Try again then.',
        )
      return client.request(name, params)
    },
    subscribe: subscriptions.add,
    getBytes: bytes.getBytes,
    putBytes: bytes.putBytes,
    url: bytes.url,
    close() {
      over = true
      current?.wire.close()
      current?.client.close()
      waiting.letIn(null)
    },
  }
}

interface Subscription {
  readonly start: (client: PortClient) => () => void
  stop: () => void
}

/** Subscriptions that outlive the client they run on. */
function createSubscriptions() {
  const subscriptions = new Set<Subscription>()
  let current: PortClient | null = null
  return {
    add<N extends StreamName>(name: N, params: StreamParams<N>, onItem: (item: StreamItem<N>) => void): () => void {
      const subscription: Subscription = { start: client => client.subscribe(name, params, onItem), stop: () => {} }
      subscriptions.add(subscription)
      if (current) subscription.stop = subscription.start(current)
      return () => {
        subscriptions.delete(subscription)
        subscription.stop()
      }
    },
    startOn(client: PortClient): void {
      current = client
      for (const subscription of subscriptions) subscription.stop = subscription.start(client)
    },
    /** The client is gone, and with it all that ran on it. */
    lose(): void {
      current = null
      for (const subscription of subscriptions) subscription.stop = () => {}
    },
  }
}

/** Where new requests wait a little for a client. */
function createWaitingRoom() {
  let waiting: ((client: PortClient | null) => void)[] = []
  return {
    /** The next client; null where none has come in time, or none will. */
    wait(): Promise<PortClient | null> {
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
    },
    letIn(client: PortClient | null): void {
      for (const resolve of waiting.splice(0)) resolve(client)
    },
  }
}
