// The caller's end of a port: a Client whose small things are frames and whose bytes go the way the host hands in.
// `close` is for the host to call when the port goes away: every call still waiting then fails with 'disconnected'.

import { fromErrorRecord, ServiceError } from './errors.ts'
import type {
  Client,
  RequestName,
  RequestParams,
  RequestResult,
  StreamItem,
  StreamName,
  StreamParams,
} from './table.ts'
import { ServerFrame, type CallerFrame, type Port } from './wire.ts'

export type BytesClient = Pick<Client, 'getBytes' | 'putBytes' | 'url'>

export interface PortClient extends Client {
  close(): void
}

export interface ClientOptions {
  /** Told when a subscription ends by an error; it gets no more items. */
  readonly onStreamError?: (error: ServiceError) => void
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

export function createClient(
  port: Port,
  bytes: BytesClient,
  { onStreamError = () => {} }: ClientOptions = {},
): PortClient {
  const caller = new Caller(port, onStreamError)
  port.onMessage(frame => caller.take(frame))
  return {
    request: <N extends RequestName>(name: N, params: RequestParams<N>, signal?: AbortSignal) =>
      caller.request(name, params, signal) as Promise<RequestResult<N>>,
    subscribe: <N extends StreamName>(name: N, params: StreamParams<N>, onItem: (item: StreamItem<N>) => void) =>
      caller.subscribe(name, params, onItem as (item: unknown) => void),
    getBytes: bytes.getBytes,
    putBytes: bytes.putBytes,
    url: bytes.url,
    close: () => caller.close(),
  }
}

class Caller {
  readonly #port: Port
  readonly #onStreamError: (error: ServiceError) => void
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Map<number, (item: unknown) => void>()
  #lastId = 0
  #closed = false

  constructor(port: Port, onStreamError: (error: ServiceError) => void) {
    this.#port = port
    this.#onStreamError = onStreamError
  }

  async request(name: string, params: unknown, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted()
    if (this.#closed) throw disconnected()
    const id = ++this.#lastId
    const onAbort = () => this.#cancel(id, signal!.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        this.#send({ kind: 'call', id, name, params })
      })
    } finally {
      this.#waiting.delete(id)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  subscribe(name: string, params: unknown, onItem: (item: unknown) => void): () => void {
    if (this.#closed) throw disconnected()
    const id = ++this.#lastId
    this.#listeners.set(id, onItem)
    this.#send({ kind: 'subscribe', id, name, params })
    return () => {
      if (this.#listeners.delete(id) && !this.#closed) this.#send({ kind: 'unsubscribe', id })
    }
  }

  take(frame: unknown): void {
    const checked = ServerFrame.safeParse(frame)
    if (!checked.success) return
    const { data } = checked
    if (data.kind === 'item') this.#listeners.get(data.id)?.(data.value)
    else if (data.kind === 'result') this.#waiting.get(data.id)?.resolve(data.value)
    else this.#fail(data.id, fromErrorRecord(data.error))
  }

  close(): void {
    this.#closed = true
    this.#listeners.clear()
    for (const { reject } of this.#waiting.values()) reject(disconnected())
  }

  #fail(id: number, error: ServiceError): void {
    if (this.#listeners.delete(id)) this.#onStreamError(error)
    else this.#waiting.get(id)?.reject(error)
  }

  #cancel(id: number, reason: unknown): void {
    this.#waiting.get(id)?.reject(reason)
    if (!this.#closed) this.#send({ kind: 'cancel', id })
  }

  #send(frame: CallerFrame): void {
    this.#port.send(frame)
  }
}

function disconnected(): ServiceError {
  return new ServiceError(
    'disconnected',
    'The connection to Winnow was lost.',
    'Start Winnow again; everything saved is still there.',
  )
}
