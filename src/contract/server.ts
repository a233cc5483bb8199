// Serves a Service over a port. Nothing that arrives can make it throw: names and parameters are checked against the
// table, what a service function throws becomes an error frame, and calls and subscriptions at once are bounded.
// `close` is for the host to call when the port goes away: it aborts every call under way and ends every subscription.

import { ServiceError, toErrorRecord } from './errors.ts'
import { requests, streams, type Service } from './table.ts'
import { CallerFrame, errorFrame, itemFrame, resultFrame, type Port } from './wire.ts'
import { checkParams, entryOf } from './wire-params.ts'

const maxAtOnce = 1000

type AnyCall = (params: unknown, signal: AbortSignal) => unknown
type AnyStream = (params: unknown, emit: (item: unknown) => void) => () => void

export function serve(port: Port, service: Service): { close(): void } {
  const connection = new ServedConnection(port, service)
  port.onMessage(frame => connection.take(frame))
  return connection
}

class ServedConnection {
  readonly #port: Port
  readonly #service: Service
  readonly #calls = new Map<number, AbortController>()
  readonly #subscriptions = new Map<number, () => void>()
  #closed = false

  constructor(port: Port, service: Service) {
    this.#port = port
    this.#service = service
  }

  take(frame: unknown): void {
    if (this.#closed) return
    const checked = CallerFrame.safeParse(frame)
    if (!checked.success) return this.#refuse(frame)
    const { data } = checked
    if (data.kind === 'call') void this.#call(data.id, data.name, data.params)
    else if (data.kind === 'subscribe') this.#subscribe(data.id, data.name, data.params)
    else if (data.kind === 'cancel') this.#cancel(data.id)
    else this.#unsubscribe(data.id)
  }

  close(): void {
    this.#closed = true
    for (const id of [...this.#calls.keys()]) this.#cancel(id)
    for (const id of [...this.#subscriptions.keys()]) this.#unsubscribe(id)
  }

  async #call(id: number, name: string, params: unknown): Promise<void> {
    const controller = new AbortController()
    try {
      this.#claim(id)
      this.#calls.set(id, controller)
      const checked = checkParams(name, entryOf(requests, name).params, params)
      const value = await (this.#service.requests[name as keyof typeof requests] as AnyCall)(checked, controller.signal)
      if (this.#calls.get(id) === controller) this.#send(resultFrame(id, value))
    } catch (error) {
      if (!controller.signal.aborted) this.#send(errorFrame(id, toErrorRecord(error)))
    } finally {
      if (this.#calls.get(id) === controller) this.#calls.delete(id)
    }
  }

  #subscribe(id: number, name: string, params: unknown): void {
    try {
      this.#claim(id)
      const checked = checkParams(name, entryOf(streams, name).params, params)
      this.#subscriptions.set(id, () => {})
      const stop = (this.#service.streams[name as keyof typeof streams] as AnyStream)(checked, item =>
        this.#item(id, item),
      )
      if (this.#subscriptions.has(id)) this.#subscriptions.set(id, stop)
      else stop()
    } catch (error) {
      this.#subscriptions.delete(id)
      this.#send(errorFrame(id, toErrorRecord(error)))
    }
  }

  #item(id: number, item: unknown): void {
    if (this.#subscriptions.has(id)) this.#send(itemFrame(id, item))
  }

  #cancel(id: number): void {
    const controller = this.#calls.get(id)
    this.#calls.delete(id)
    controller?.abort(new ServiceError('cancelled', 'This was cancelled.', 'Start it again.'))
  }

  #unsubscribe(id: number): void {
    const stop = this.#subscriptions.get(id)
    this.#subscriptions.delete(id)
    stop?.()
  }

  #claim(id: number): void {
    if (this.#calls.has(id) || this.#subscriptions.has(id)) {
      throw new ServiceError('bad-request', `The number ${id} is in use by another call.`, 'Reload the page.')
    }
    if (this.#calls.size + this.#subscriptions.size >= maxAtOnce) {
      throw new ServiceError(
        'too-many-calls',
        `${maxAtOnce} calls are under way already.`,
        'Wait until some of them are done.',
      )
    }
  }

  /** W3. */
  #refuse(frame: unknown): void {
    const id = typeof frame === 'object' && frame !== null ? (frame as { id?: unknown }).id : undefined
    if (!Number.isSafeInteger(id) || (id as number) < 0) return
    const error = new ServiceError(
      'bad-request',
      'A message was not understood.',
      'Reload the page: it may be of another version of Winnow.',
    )
    this.#send(errorFrame(id as number, toErrorRecord(error)))
  }

  #send(frame: unknown): void {
    if (!this.#closed) this.#port.send(frame)
  }
}
