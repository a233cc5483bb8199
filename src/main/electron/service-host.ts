// The main process's end: starts the service's process, hands ports to pages, asks it for bytes, and starts it anew
// when it died. Nothing saved is lost by its death: the library is made for that, and pages connect again.

import type { MessagePortMain, UtilityProcess } from 'electron'
import type { BytesAnswer } from '../../contract/server-bytes.ts'
import type { ElectronApi } from './api.ts'
import type { BytesQuestion } from './app-protocol.ts'
import type { EndedWork, FromService, ToService, WorkShare } from './service-messages.ts'

export interface ServiceHost {
  /** Gives the service one end of a new channel; answers the other for the page. */
  connect(): MessagePortMain
  ask(question: BytesQuestion): Promise<BytesAnswer>
  /** The id by which the page may list and import what lies at this path. */
  grant(path: string): Promise<string>
  /** Waits for the service to close its library, at most `patienceMs`. */
  close(patienceMs?: number): Promise<void>
}

export interface ServiceHostOptions {
  readonly entry: string
  readonly args: readonly string[]
  onTraining(active: boolean): void
  onProgress(share: WorkShare): void
  onEnded(ended: EndedWork): void
  /** Show this file in the system's file manager. */
  onReveal(path: string): void
  /** It died more than `maxRestarts` times: something is wrong for good. */
  onGivenUp(exitCode: number): void
}

const maxRestarts = 5
const goneError = {
  code: 'disconnected',
  message: "Winnow's service stopped and is starting again.",
  fix: 'Try again in a moment.',
}
const gone: BytesAnswer = { status: 500, error: goneError }

export function startServiceHost(
  electron: Pick<ElectronApi, 'utilityProcess' | 'MessageChannelMain'>,
  options: ServiceHostOptions,
): ServiceHost {
  return new Host(electron, options)
}

class Host implements ServiceHost {
  readonly #electron: Pick<ElectronApi, 'utilityProcess' | 'MessageChannelMain'>
  readonly #options: ServiceHostOptions
  readonly #waiting = new Map<number, (answer: BytesAnswer) => void>()
  readonly #granting = new Map<number, { resolve(id: string): void; reject(error: Error): void }>()
  #process: UtilityProcess
  #lastId = 0
  #restarts = 0
  #closed: (() => void) | null = null

  constructor(electron: Pick<ElectronApi, 'utilityProcess' | 'MessageChannelMain'>, options: ServiceHostOptions) {
    this.#electron = electron
    this.#options = options
    this.#process = this.#start()
  }

  connect(): MessagePortMain {
    const { port1, port2 } = new this.#electron.MessageChannelMain()
    this.#send({ kind: 'connect' }, [port1])
    return port2
  }

  ask(question: BytesQuestion): Promise<BytesAnswer> {
    const id = ++this.#lastId
    return new Promise(resolve => {
      this.#waiting.set(id, resolve)
      this.#send({ kind: 'bytes', id, question })
    })
  }

  grant(path: string): Promise<string> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#granting.set(id, { resolve, reject })
      this.#send({ kind: 'grant', id, path })
    })
  }

  async close(patienceMs = 10_000): Promise<void> {
    await new Promise<void>(resolve => {
      this.#closed = resolve
      setTimeout(resolve, patienceMs).unref()
      this.#send({ kind: 'close' })
    })
    this.#process.kill()
  }

  #start(): UtilityProcess {
    const started = this.#electron.utilityProcess.fork(this.#options.entry, [...this.#options.args], {
      serviceName: 'Winnow service',
    })
    started.on('message', (message: FromService) => this.#take(message))
    started.on('exit', code => this.#ended(code))
    return started
  }

  #take(message: FromService): void {
    if (message.kind === 'training') this.#options.onTraining(message.active)
    else if (message.kind === 'progress') this.#options.onProgress(message.share)
    else if (message.kind === 'ended') this.#options.onEnded(message.ended)
    else if (message.kind === 'reveal') this.#options.onReveal(message.path)
    else if (message.kind === 'closed') this.#closed?.()
    else if (message.kind === 'granted') {
      this.#granting.get(message.id)?.resolve(message.folderId)
      this.#granting.delete(message.id)
    } else {
      this.#waiting.get(message.id)?.(message.answer)
      this.#waiting.delete(message.id)
    }
  }

  #ended(code: number): void {
    for (const answer of this.#waiting.values()) answer(gone)
    this.#waiting.clear()
    for (const { reject } of this.#granting.values()) reject(new Error(goneError.message))
    this.#granting.clear()
    if (this.#closed) return this.#closed()
    this.#options.onTraining(false)
    this.#options.onProgress(null)
    if (this.#restarts++ < maxRestarts) this.#process = this.#start()
    else this.#options.onGivenUp(code)
  }

  #send(message: ToService, ports: MessagePortMain[] = []): void {
    this.#process.postMessage(message, ports)
  }
}
