// Fetching a backbone against a server of our own: whole, slow, cut off and gone on with, without ranges, redirected, of a wrong
// hash, refused, stopped; and what the store says and keeps.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createBackboneStore } from '../../../src/main/backbones/backbone-store.ts'
import { fetchFile } from '../../../src/main/backbones/fetch-file.ts'
import { temporaryFolder } from '../library/helpers.ts'

const content = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 251)
const sha256 = createHash('sha256').update(content).digest('hex')
const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach(close => close()))

type Answer = (request: IncomingMessage, response: ServerResponse) => void

async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/net`
}

function startOf({ headers }: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0)
}

const whole: Answer = (request, response) => {
  const from = startOf(request)
  if (from >= content.length) return void response.writeHead(416).end()
  const headers = { 'content-length': content.length - from }
  response.writeHead(from > 0 ? 206 : 200, headers).end(content.subarray(from))
}

/** Sends so many bytes and hangs up once some of them have been told of: what a stream still holds when its line breaks
 *  is lost to whoever reads it. */
const cutOff =
  (bytes: number, told: Promise<void>): Answer =>
  (request, response) => {
    const from = startOf(request)
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from })
    response.write(content.subarray(from, from + bytes))
    void told.then(() => response.destroy())
  }

const file = (url: string) => ({ url, sha256, bytes: content.length, what: 'a net' })
const signal = () => new AbortController().signal
const target = () => join(temporaryFolder(), 'net.part')

describe('a file', () => {
  it('comes whole, with its progress', async () => {
    const path = target()
    const told: number[] = []
    await fetchFile(file(await serve(whole)), path, { signal: signal(), onProgress: done => told.push(done) })
    expect(readFileSync(path).equals(content)).toBe(true)
    expect(told.at(-1)).toBe(content.length)
  })

  it('that was cut off is kept and gone on with, in as many pieces as it takes', async () => {
    const path = target()
    const asked: number[] = []
    let told = Promise.withResolvers<void>()
    const url = await serve((request, response) => {
      asked.push(startOf(request))
      return asked.length < 3 ? cutOff(70_000, told.promise)(request, response) : whole(request, response)
    })
    for (let i = 0; i < 2; i++) {
      told = Promise.withResolvers<void>()
      const options = { signal: signal(), onProgress: () => told.resolve() }
      await expect(fetchFile(file(url), path, options)).rejects.toMatchObject({ code: 'fetch-failed' })
    }
    expect(statSync(path).size).toBeGreaterThan(0)
    await fetchFile(file(url), path, { signal: signal() })
    expect(readFileSync(path).equals(content)).toBe(true)
    expect(asked[0]).toBe(0)
    expect(asked[1]).toBeGreaterThan(0)
    expect(asked[2]).toBeGreaterThanOrEqual(asked[1]!)
  })

  it('begins anew where the server knows no ranges', async () => {
    const path = target()
    writeFileSync(path, content.subarray(0, 1000))
    const url = await serve((_, response) => void response.writeHead(200).end(content))
    await fetchFile(file(url), path, { signal: signal() })
    expect(readFileSync(path).equals(content)).toBe(true)
  })

  it('that was there already is checked and taken', async () => {
    const path = target()
    writeFileSync(path, content)
    await fetchFile(file(await serve(whole)), path, { signal: signal() })
    expect(statSync(path).size).toBe(content.length)
  })

  it('is followed through redirections', async () => {
    const path = target()
    const url = await serve((request, response) => {
      if (request.url === '/net') return void response.writeHead(302, { location: '/elsewhere' }).end()
      whole(request, response)
    })
    await fetchFile(file(url), path, { signal: signal() })
    expect(readFileSync(path).equals(content)).toBe(true)
  })

  it('of another hash is thrown away', async () => {
    const path = target()
    const url = await serve((_, response) => void response.writeHead(200).end(content.toReversed()))
    await expect(fetchFile(file(url), path, { signal: signal() })).rejects.toMatchObject({ code: 'wrong-hash' })
    expect(existsSync(path)).toBe(false)
  })

  it('that the server refuses, or that is nowhere, is told with the reason', async () => {
    const refused = await serve((_, response) => void response.writeHead(404, 'Not Found').end())
    await expect(fetchFile(file(refused), target(), { signal: signal() })).rejects.toMatchObject({
      message: 'a net could not be fetched: the server answered 404 Not Found.',
    })
    await expect(fetchFile(file('http://127.0.0.1:9/net'), target(), { signal: signal() })).rejects.toMatchObject({
      code: 'fetch-failed',
    })
  })

  it('that stands still is given up, and what came is kept', async () => {
    const path = target()
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.length })
      response.write(content.subarray(0, 5000))
    })
    await expect(fetchFile(file(url), path, { signal: signal(), silenceMs: 200 })).rejects.toMatchObject({
      message: 'a net could not be fetched: nothing came for 0.2 seconds.',
    })
    expect(statSync(path).size).toBe(5000)
  })

  it('stops at once when it is told to, and goes on later', async () => {
    const path = target()
    const stop = new AbortController()
    const url = await serve((request, response) => {
      if (request.headers.range) return whole(request, response)
      response.writeHead(200, { 'content-length': content.length })
      response.write(content.subarray(0, 5000))
    })
    const fetching = fetchFile(file(url), path, { signal: stop.signal, onProgress: () => stop.abort() })
    await expect(fetching).rejects.toMatchObject({ code: 'cancelled' })
    await fetchFile(file(url), path, { signal: signal() })
    expect(readFileSync(path).equals(content)).toBe(true)
  })

  it('for which there is no room is not begun', async () => {
    const huge = { ...file('http://127.0.0.1:9/net'), bytes: 2 ** 60 }
    await expect(fetchFile(huge, target(), { signal: signal() })).rejects.toMatchObject({ code: 'disk-full' })
  })
})

describe('the store', () => {
  const entry = { name: 'net', file: 'some/net', bytes: content.length, sha256, licence: 'MIT', goodFor: 'tests' }

  it('lists, fetches once, reads, removes and says what is not there', async () => {
    const folder = temporaryFolder()
    let asked = 0
    const url = await serve((request, response) => {
      asked++
      whole(request, response)
    })
    const store = createBackboneStore({ folder, builtIn: join(folder, 'none'), entries: [{ ...entry, url }] })
    expect(store.list().map(({ name, installed }) => [name, installed])).toEqual([
      ['built-in', false],
      ['net', false],
    ])
    expect(() => store.read('net')).toThrow('is not on this machine')
    expect(() => store.read('built-in')).toThrow('is not at')
    expect(() => store.read('other')).toThrow('There is no backbone called “other”')
    expect(asked).toBe(0)
    await store.get('net', signal())
    expect(await store.get('net', signal())).toMatchObject({ installed: true, bytes: content.length })
    expect(asked).toBe(1)
    expect(store.read('net')).toHaveLength(content.length)
    store.remove('net')
    expect(() => store.read('net')).toThrow('is not on this machine')
    expect(() => store.remove('built-in')).toThrow('is a part of Winnow')
    await expect(store.get('other', signal())).rejects.toThrow('There is no backbone called')
  })

  it('keeps files that are added under clean names', () => {
    const folder = temporaryFolder()
    const store = createBackboneStore({ folder, builtIn: '', entries: [] })
    expect(store.add('/some/where/my net.pth', content)).toMatchObject({ name: 'my_net', installed: true })
    expect(store.read('my_net')).toHaveLength(content.length)
    expect(() => store.add('built-in.safetensors', content)).toThrow('has a backbone called “built-in”')
    expect(() => store.add('.pth', content)).toThrow('cannot be the name of a backbone')
  })
})
