// The loopback server over real sockets: its page's way in works, and everything hostile is turned away without harm.

import { connect } from 'node:net'
import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createClient } from '../../../../src/contract/client.ts'
import { ServiceError } from '../../../../src/contract/errors.ts'
import { startLoopback, type Loopback } from '../../../../src/main/hosts/loopback/server.ts'
import { socketPort } from '../../../../src/main/hosts/loopback/socket-port.ts'
import { fakeService } from '../../../contract/fake-service.ts'

const files = new Map([
  ['/', { bytes: Buffer.from('<!doctype html>'), type: 'text/html; charset=utf-8' }],
  ['/assets/a.js', { bytes: Buffer.from('1'), type: 'text/javascript' }],
])
const puts: number[] = []
const streamsOpen = { count: 0 }
let loopback: Loopback
let origin = ''
let token = ''

beforeEach(async () => {
  const service = fakeService({
    request: name => {
      if (name === 'runs.get') throw new ServiceError('no-run', 'There is no run 1.', 'Reload.')
      return { name }
    },
    stream: () => (streamsOpen.count++, () => void streamsOpen.count--),
    get: name => ({
      bytes: new Uint8Array([1, 2]),
      fileName: name === 'dataset' ? 'half a \ud800 letter.csv' : 'mödel.onnx',
    }),
    put: (_, __, body) => void puts.push(body.length),
  })
  loopback = await startLoopback({ service, files, maxBodyBytes: 1000, onNewAddress: noteToken })
  origin = new URL(loopback.address).origin
  noteToken(loopback.address)
})
afterEach(() => loopback.close())

function noteToken(address: string): void {
  token = address.split('#token=')[1]!
}

async function signIn(): Promise<string> {
  const response = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, origin },
  })
  expect(response.status).toBe(204)
  return response.headers.get('set-cookie')!.split(';')[0]!
}

/** A request with nothing tidied: fetch would normalise paths and forbid headers. */
function raw(
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
) {
  return new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }>(
    (resolve, reject) => {
      const { port } = new URL(origin)
      const request = httpRequest({ host: '127.0.0.1', port, path, method, headers }, response => {
        let text = ''
        response.on('data', chunk => (text += String(chunk)))
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
      })
      request.on('error', reject)
      request.end(body)
    },
  )
}

function openSocket(headers: Record<string, string>, path = '/wire'): Promise<WebSocket | number> {
  return new Promise(resolve => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, { headers })
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_, response) => (resolve(response.statusCode!), socket.terminate()))
    socket.on('error', () => resolve(0))
  })
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise(resolve => socket.on('close', resolve))
}

describe('the page', () => {
  it('is served with a content policy that runs nothing but its own files', async () => {
    const response = await fetch(`${origin}/`)
    expect(response.status).toBe(200)
    const policy = response.headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`connect-src 'self' ws://${new URL(origin).host}`)
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';") // compiles the CPU device's kernels, evaluates nothing
    expect(policy.replace('wasm-unsafe-eval', '')).not.toMatch(/unsafe|\*|data:/)
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  })

  it('signs in with the token and then talks: calls, errors, bytes both ways', async () => {
    const cookie = await signIn()
    const socket = (await openSocket({ cookie, origin })) as WebSocket
    const client = createClient(socketPort(socket), {} as never)
    expect(await client.request('runs.list', {})).toEqual({ name: 'runs.list' })
    await expect(client.request('runs.get', { runId: 1 })).rejects.toMatchObject({ code: 'no-run', fix: 'Reload.' })
    const got = await fetch(`${origin}/bytes/export?exportId=1`, { headers: { cookie } })
    expect([...new Uint8Array(await got.arrayBuffer())]).toEqual([1, 2])
    expect(got.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''m%C3%B6del.onnx")
    expect(got.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    const odd = await fetch(`${origin}/bytes/dataset`, { headers: { cookie } })
    expect(odd.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''half%20a%20%EF%BF%BD%20letter.csv",
    )
    const put = await fetch(`${origin}/bytes/checkpoint?runId=1&kind=best`, {
      method: 'PUT',
      headers: { cookie, origin },
      body: new Uint8Array(7),
    })
    expect(put.status).toBe(204)
    expect(puts).toEqual([7])
    socket.terminate()
  })

  it('may use a token once; whoever started it is told the next', async () => {
    const given = token
    await signIn()
    expect(token).not.toBe(given)
    const again = await raw('/session', { method: 'POST', headers: { authorization: `Bearer ${given}`, origin } })
    expect(again.status).toBe(401)
    await signIn()
  })

  it('is signed in by the form of a file, which has no origin, and sent on to the page', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'null', 'sec-fetch-site': 'cross-site' }
    const wrong = await raw('/sign-in', { method: 'POST', headers: form, body: 'token=guess' })
    expect(wrong).toMatchObject({ status: 401 })
    expect(wrong.headers['set-cookie']).toBeUndefined()
    expect(await raw('/sign-in', { method: 'POST', headers: form, body: 'x'.repeat(5000) })).toMatchObject({
      status: 401,
    })
    expect(await raw(`/sign-in?token=${token}`, { headers: form })).toMatchObject({ status: 401 })
    const given = token
    const signed = await raw('/sign-in', { method: 'POST', headers: form, body: `token=${given}` })
    expect(signed).toMatchObject({ status: 200, text: expect.stringContaining('url=/') as string })
    const cookie = String(signed.headers['set-cookie']).split(';')[0]!
    expect((await raw('/session', { headers: { cookie } })).status).toBe(204)
    expect(await raw('/sign-in', { method: 'POST', headers: form, body: `token=${given}` })).toMatchObject({
      status: 401,
    })
  })

  it('has its subscriptions ended when it goes away', async () => {
    const socket = (await openSocket({ cookie: await signIn(), origin })) as WebSocket
    createClient(socketPort(socket), {} as never).subscribe('jobs', {}, () => {})
    await expect.poll(() => streamsOpen.count).toBe(1)
    socket.terminate()
    await expect.poll(() => streamsOpen.count).toBe(0)
  })
})

describe('hostile requests', () => {
  it.each([
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/../../package.json',
    '/..%2f..%2fetc/passwd',
    '//etc/passwd',
    '/assets/%00',
    '/\\..\\..\\etc\\passwd',
    '/index.html%20',
    '/-',
  ])('the path %s holds nothing', async path => {
    expect(await raw(path)).toMatchObject({ status: 404 })
  })

  it("the request line http://evil.example/ (a proxy's) holds nothing", async () => {
    expect((await raw('http://evil.example/')).status).toBe(404)
  })

  it('a wrong token gets no cookie', async () => {
    const response = await raw('/session', { method: 'POST', headers: { authorization: 'Bearer guess', origin } })
    expect(response.status).toBe(401)
    expect(response.headers['set-cookie']).toBeUndefined()
  })

  it('another Host, another Origin and another site are refused', async () => {
    const cookie = await signIn()
    expect((await raw('/', { headers: { host: `evil.example:${new URL(origin).port}` } })).status).toBe(421)
    expect((await raw('/bytes/photo?photoId=1', { headers: { cookie, origin: 'http://evil.example' } })).status).toBe(
      403,
    )
    expect((await raw('/bytes/photo?photoId=1', { headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status).toBe(
      403,
    )
    expect(await openSocket({ cookie, origin: 'http://evil.example' })).toBe(403)
    expect(await openSocket({ cookie })).toBe(403)
    expect(await closeCode((await openSocket({ origin })) as WebSocket)).toBe(1008)
    expect(await openSocket({ cookie, origin }, '/')).toBe(403)
  })

  it('a body over the bound is refused whether announced or not, and the server goes on', async () => {
    const cookie = await signIn()
    const before = puts.length
    const path = '/bytes/checkpoint?runId=1&kind=best'
    expect((await raw(path, { method: 'PUT', headers: { cookie, origin }, body: Buffer.alloc(5000) })).status).toBe(400)
    const chunked = raw(path, {
      method: 'PUT',
      headers: { cookie, origin, 'transfer-encoding': 'chunked' },
      body: Buffer.alloc(5000),
    })
    expect((await chunked.catch(() => ({ status: 400 }))).status).toBe(400)
    expect(puts.length).toBe(before)
    expect((await fetch(`${origin}/`)).status).toBe(200)
  })

  it('garbage on the socket and on the wire leaves it standing', async () => {
    const cookie = await signIn()
    const socket = (await openSocket({ cookie, origin })) as WebSocket
    for (const junk of [
      '',
      '{',
      'null',
      '[]',
      '{"kind":"call"}',
      '{"kind":"call","id":1e99,"name":"x"}',
      Buffer.alloc(100),
    ])
      socket.send(junk)
    const client = createClient(socketPort(socket), {} as never)
    expect(await client.request('runs.list', {})).toEqual({ name: 'runs.list' })
    socket.terminate()
    const line = connect(Number(new URL(origin).port), '127.0.0.1')
    line.on('error', () => {})
    line.end('\u0000\u0001 nonsense\r\n\r\n')
    expect((await fetch(`${origin}/`)).status).toBe(200)
  })

  it('neither harms the server with frames of its own making nor takes the places of the page, where its cookie is unknown', async () => {
    const { host, port } = new URL(origin)
    const strangers = Array.from({ length: 40 }, () => connect(Number(port), '127.0.0.1'))
    const answers = strangers.map(
      line => new Promise<string>(resolve => line.once('data', data => resolve(String(data)))),
    )
    for (const line of strangers) {
      line.on('error', () => {})
      line.write(
        `GET /wire HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      )
    }
    await Promise.all(answers)
    strangers[0]!.write(Buffer.from([0x81, 0x01, 0x41]))
    await new Promise(resolve => strangers[0]!.once('close', resolve))
    expect(await openSocket({ cookie: await signIn(), origin })).toBeInstanceOf(WebSocket)
    for (const line of strangers) line.destroy()
  })

  it('a frame over 32 MiB ends that socket alone', async () => {
    const socket = (await openSocket({ cookie: await signIn(), origin })) as WebSocket
    const closed = closeCode(socket)
    socket.on('error', () => {})
    socket.send('x'.repeat(33 * 2 ** 20))
    expect(await closed).toBe(1009)
    expect((await fetch(`${origin}/`)).status).toBe(200)
  })
})

describe('two hosts at once', () => {
  it("do not let each other's sessions in", async () => {
    const other = await startLoopback({ service: fakeService({}), files })
    const cookie = await signIn()
    const response = await fetch(`${new URL(other.address).origin}/bytes/photo?photoId=1`, { headers: { cookie } })
    expect(response.status).toBe(401)
    await other.close()
  })
})
