// The training worker of a page: opens its own way to the service, says what it will compute on, and runs one training at a time. Work here
// never touches the page's thread, so the page stays smooth however hard the training computes.

import { createBytesClient } from '../../contract/client-bytes.ts'
import { toErrorRecord } from '../../contract/errors.ts'
import type { Client } from '../../contract/table.ts'
import { trainFolds } from '../../training/folds.ts'
import { trainRun } from '../../training/session.ts'
import { createReconnecting } from '../api/reconnecting.ts'
import { openSocket, wireOfMessagePort } from '../api/wire.ts'
import type { Wire } from '../api/wire.ts'
import { findAdapter, openDevice } from './adapter.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** The few things of a worker's scope that are used here; the page's type check knows windows only. */
interface Scope {
  postMessage(message: FromWorker): void
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
  readonly navigator: { readonly gpu?: GPU }
}

type Connect = Extract<ToWorker, { kind: 'connect' }>

export class TrainingWorker {
  readonly #scope: Scope
  #client: Client | null = null
  #ports: ((port: MessagePort) => void)[] = []
  #spare: MessagePort | null = null
  #abort: AbortController | null = null
  #goOn: (() => void) | null = null
  #paused: Promise<void> | null = null

  constructor(scope: Scope) {
    this.#scope = scope
    scope.onmessage = event => this.#hear(event.data)
    void findAdapter(scope.navigator.gpu).then(({ info }) => scope.postMessage({ kind: 'device', device: info }))
  }

  #hear(message: ToWorker): void {
    switch (message.kind) {
      case 'connect': this.#connect(message); break
      case 'start': void this.#train(message.runId); break
      case 'start-folds': void this.#checkCarefully(message); break
      case 'pause': this.#paused ??= new Promise(resolve => { this.#goOn = resolve }); break
      case 'resume': this.#resume(); break
      case 'stop': this.#abort?.abort(); this.#resume(); break
    }
  }

  #connect({ base, socket, port }: Connect): void {
    if (port) {
      const waiting = this.#ports.shift()
      if (waiting) waiting(port)
      else this.#spare = port
    }
    this.#client ??= createReconnecting({
      open: socket === null ? async () => wireOfMessagePort(await this.#nextPort()) : (): Promise<Wire> => openSocket(socket),
      bytes: createBytesClient(base, (url, init) => fetch(url, init)),
      onState: () => {},
    })
  }

  #nextPort(): Promise<MessagePort> {
    const spare = this.#spare
    this.#spare = null
    if (spare) return Promise.resolve(spare)
    this.#scope.postMessage({ kind: 'port-please' })
    return new Promise(resolve => this.#ports.push(resolve))
  }

  async #train(runId: number): Promise<void> {
    this.#abort = new AbortController()
    this.#resume()
    try {
      await trainRun({
        client: this.#client!, runId, signal: this.#abort.signal,
        openDevice: () => openDevice(this.#scope.navigator.gpu),
        gate: async () => { await this.#paused },
        onEvent: event => { if (event.type === 'started') this.#scope.postMessage({ kind: 'started' }) },
      })
      this.#scope.postMessage({ kind: 'ended' })
    } catch (error) {
      this.#scope.postMessage({ kind: 'failed', error: toErrorRecord(error) })
    }
  }

  async #checkCarefully({ runId, folds, seed }: Extract<ToWorker, { kind: 'start-folds' }>): Promise<void> {
    this.#abort = new AbortController()
    this.#resume()
    try {
      const complete = await trainFolds({
        client: this.#client!, runId, folds, seed, signal: this.#abort.signal,
        openDevice: () => openDevice(this.#scope.navigator.gpu),
        gate: async () => { await this.#paused },
        onProgress: progress => this.#scope.postMessage({ kind: 'folds', progress }),
      })
      this.#scope.postMessage({ kind: 'folds-ended', complete })
    } catch (error) {
      this.#scope.postMessage({ kind: 'failed', error: toErrorRecord(error) })
    }
  }

  #resume(): void {
    this.#goOn?.()
    this.#goOn = null
    this.#paused = null
  }
}

new TrainingWorker(self as unknown as Scope)
