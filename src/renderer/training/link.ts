// A worker's own way to the service: a socket in a browser tab, ports that the page hands over in the desktop shell.
// Opened by the page's 'connect' message; it mends itself when the service goes away and comes back.

import { createBytesClient } from '../../contract/client-bytes.ts'
import type { Client } from '../../contract/table.ts'
import { createReconnecting } from '../api/reconnecting.ts'
import { openSocket, wireOfMessagePort } from '../api/wire.ts'
import type { Wire } from '../api/wire.ts'
import type { ToWorker } from './messages.ts'

type Connect = Extract<ToWorker, { kind: 'connect' }>

export class ServiceLink {
  readonly #askForPort: () => void
  #client: Client | null = null
  #waiting: ((port: MessagePort) => void)[] = []
  #spare: MessagePort | null = null

  /** `askForPort` tells the page that the port is gone and another is needed. */
  constructor(askForPort: () => void) {
    this.#askForPort = askForPort
  }

  /** The page connects a worker before it asks anything of it. */
  get client(): Client {
    return this.#client!
  }

  connect({ base, socket, port }: Connect): void {
    if (port) {
      const waiting = this.#waiting.shift()
      if (waiting) waiting(port)
      else this.#spare = port
    }
    this.#client ??= createReconnecting({
      open:
        socket === null
          ? async () => wireOfMessagePort(await this.#nextPort())
          : (): Promise<Wire> => openSocket(socket),
      bytes: createBytesClient(base, (url, init) => fetch(url, init)),
      onState: () => {},
    })
  }

  #nextPort(): Promise<MessagePort> {
    const spare = this.#spare
    this.#spare = null
    if (spare) return Promise.resolve(spare)
    this.#askForPort()
    return new Promise(resolve => this.#waiting.push(resolve))
  }
}
