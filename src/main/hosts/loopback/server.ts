// The browser host: the page, the wire and the bytes on 127.0.0.1, for one person on this machine (see guard.ts and
// docs/hosts.md).
//   /            the page's files          GET
//   /session     token for cookie          POST with "Authorization: Bearer <token>"; GET tells whether the cookie holds
//   /sign-in     token for cookie, by form POST with token=<token>, then on to the page
//   /bytes/NAME  the bytes table           GET, PUT
//   /wire        the frames of the wire    WebSocket, JSON text

import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { serve } from '../../../contract/server.ts'
import { answerBytes, type BytesAnswer } from '../../../contract/server-bytes.ts'
import type { Service } from '../../../contract/table.ts'
import { bytesHeaders, pageHeaders } from '../page-headers.ts'
import type { PageFile } from '../page-files.ts'
import { readBody } from './body.ts'
import { cookieName, formRefusalOf, refusalOf, type Identity, type Purpose, type Refusal } from './guard.ts'
import { socketPort } from './socket-port.ts'

export interface LoopbackOptions {
  readonly service: Service
  readonly files: ReadonlyMap<string, PageFile>
  /** 0 (the default) takes any free one. */
  readonly port?: number
  /** Largest body of a PUT; default 2 GiB - 1. */
  readonly maxBodyBytes?: number
  /** A token is good for one use: told of the address that is good from now on. */
  readonly onNewAddress?: (address: string) => void
}

export interface Loopback {
  /** With the token in its fragment, which a browser never sends; another one after each use. */
  readonly address: string
  /** Ends every socket and request; the service stays open. */
  close(): Promise<void>
}

const maxFrameBytes = 32 * 2 ** 20
const maxSockets = 32
const maxFormBytes = 1024
/** A redirect would still count as coming from another site (G3); the next page asked for by this one does not. */
const onward = '<!doctype html><meta http-equiv="refresh" content="0;url=/">'

/** Listens on 127.0.0.1. Rejects with the system's error when the port is taken. */
export async function startLoopback(options: LoopbackOptions): Promise<Loopback> {
  const host = new LoopbackHost(options, { token: secret(), session: secret() })
  await host.listen(options.port ?? 0)
  return host
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

class LoopbackHost implements Loopback {
  readonly #options: LoopbackOptions
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes, perMessageDeflate: false })
  /** Those whose cookie is unknown, until they have heard so; they take nobody's place. */
  readonly #strangers = new WebSocketServer({ noServer: true, maxPayload: 1, perMessageDeflate: false })
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  #identity: Identity

  constructor(options: LoopbackOptions, secrets: Omit<Identity, 'port'>) {
    this.#options = options
    this.#identity = { ...secrets, port: 0 }
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(request, socket, head),
    )
  }

  get address(): string {
    return `http://127.0.0.1:${this.#identity.port}/#token=${this.#identity.token}`
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', resolve)
    })
    this.#identity = { ...this.#identity, port: (this.#server.address() as AddressInfo).port }
  }

  async close(): Promise<void> {
    for (const socket of [...this.#sockets.clients, ...this.#strangers.clients]) socket.terminate()
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = targetOf(request)
    const purpose = purposeOf(pathname)
    const refusal = refusalOf({ purpose, method: request.method ?? '', headers: request.headers }, this.#identity)
    if (refusal || purpose === 'wire')
      return refuse(response, refusal ?? { status: 403, reason: 'This address is for a WebSocket.' })
    if (purpose === 'bytes')
      return await this.#answerBytes(pathname.slice('/bytes/'.length), searchParams, request, response)
    if (purpose === 'sign-in') return await this.#answerForm(request, response)
    if (purpose === 'session') return this.#answerSession(request, response)
    this.#answerFile(pathname, request.method ?? '', response)
  }

  #answerFile(path: string, method: string, response: ServerResponse): void {
    const file = this.#options.files.get(path)
    if (!file || (method !== 'GET' && method !== 'HEAD'))
      return send(response, file ? 405 : 404, pageHeaders(), 'text/plain', 'There is nothing here.')
    send(
      response,
      200,
      pageHeaders(`ws://127.0.0.1:${this.#identity.port} ws://localhost:${this.#identity.port}`),
      file.type,
      method === 'HEAD' ? '' : file.bytes,
    )
  }

  #answerSession(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'POST') this.#giveCookie(response)
    response.writeHead(204, pageHeaders()).end()
  }

  async #answerForm(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, maxFormBytes).catch(() => new Uint8Array())
    const refusal = formRefusalOf(request.method === 'POST' ? body : new Uint8Array(), this.#identity)
    if (refusal) return refuse(response, refusal)
    this.#giveCookie(response)
    send(response, 200, pageHeaders(), 'text/html', onward)
  }

  /** The token that was given for it is used up. */
  #giveCookie(response: ServerResponse): void {
    const { port, session } = this.#identity
    response.setHeader('Set-Cookie', `${cookieName(port)}=${session}; HttpOnly; SameSite=Strict; Path=/`)
    this.#identity = { ...this.#identity, token: secret() }
    this.#options.onNewAddress?.(this.address)
  }

  async #answerBytes(
    name: string,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = (most: number) => readBody(request, Math.min(most, this.#options.maxBodyBytes ?? most))
    const answer = await answerBytes(this.#options.service, {
      method: request.method ?? '',
      name,
      query: [...query],
      body,
    })
    // A body that was not read to its end must not be taken for the next request.
    if (!request.complete) response.setHeader('Connection', 'close')
    sendBytes(response, answer)
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const status = this.#upgradeStatus(request)
    if (status !== 101 && status !== 401)
      return void socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`)
    if (status === 101) this.#sockets.handleUpgrade(request, socket, head, client => this.#connect(client))
    else this.#strangers.handleUpgrade(request, socket, head, turnAway)
  }

  #upgradeStatus(request: IncomingMessage): number {
    if (purposeOf(targetOf(request).pathname) !== 'wire') return 403
    const refusal = refusalOf(
      { purpose: 'wire', method: request.method ?? '', headers: request.headers },
      this.#identity,
    )
    return refusal?.status ?? (this.#sockets.clients.size >= maxSockets ? 503 : 101)
  }

  #connect(socket: WebSocket): void {
    const connection = serve(socketPort(socket), this.#options.service)
    socket.on('close', () => connection.close())
    socket.on('error', () => socket.terminate())
  }
}

/** A page is not told the status of a refused handshake, only the code of a close: so that it knows it is unknown, not
 *  cut off. */
function turnAway(stranger: WebSocket): void {
  stranger.on('error', () => stranger.terminate())
  stranger.close(1008)
}

/** The path and query of a request line; anything that does not parse is an address that does not exist. */
function targetOf({ url = '' }: IncomingMessage): { pathname: string; searchParams: URLSearchParams } {
  const target = url.startsWith('/') ? URL.parse(`http://host${url}`) : null
  return target?.host === 'host' ? target : { pathname: '/-', searchParams: new URLSearchParams() }
}

function purposeOf(pathname: string): Purpose {
  if (pathname === '/wire') return 'wire'
  if (pathname === '/session') return 'session'
  if (pathname === '/sign-in') return 'sign-in'
  return pathname.startsWith('/bytes/') ? 'bytes' : 'file'
}

function refuse(response: ServerResponse, { status, reason }: Refusal): void {
  response.setHeader('Connection', 'close')
  send(response, status, pageHeaders(), 'text/plain', reason)
}

function sendBytes(response: ServerResponse, answer: BytesAnswer): void {
  if (answer.status === 204) response.writeHead(204, bytesHeaders(null)).end()
  else if (answer.status === 200) send(response, 200, bytesHeaders(answer.fileName), answer.type, answer.bytes)
  else send(response, answer.status, bytesHeaders(null), 'application/json', JSON.stringify(answer.error))
}

function send(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  type: string,
  body: Uint8Array | string,
): void {
  response.writeHead(status, { ...headers, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }).end(body)
}
