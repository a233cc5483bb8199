// Fetches one file of a known hash: the only code of Winnow that connects anywhere, and only when someone asked for it. What
// came is kept when it ends early, and the next call goes on from there where the server can; the whole is checked by hash
// before it counts.

import { createHash, type Hash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { open, rm, statfs, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import { translateError } from '../db/errors.ts'

export interface Fetched {
  readonly url: string
  readonly sha256: string
  /** About so many; the hash decides. */
  readonly bytes: number
  /** For sentences. */
  readonly what: string
}

export interface FetchOptions {
  readonly signal: AbortSignal
  readonly onProgress?: ((done: number, total: number) => void) | undefined
  /** Default: the platform's. */
  readonly fetch?: typeof fetch | undefined
  /** No byte for so long ends the call; default 30 s. */
  readonly silenceMs?: number
}

/** Leaves the whole file at `path`. ServiceError 'fetch-failed' (what came is kept), 'wrong-hash' (it is thrown away),
 *  'disk-full', 'cancelled'. */
export async function fetchFile(file: Fetched, path: string, options: FetchOptions): Promise<void> {
  const had = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  await checkRoom(path, file.bytes - had)
  const hash = createHash('sha256')
  const response = await ask(file, had, options)
  // 416: there is nothing after what is here, so it may be whole. 200: the server begins anew.
  const kept = response.status === 206 || response.status === 416 ? had : 0
  if (kept > 0) for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  if (response.status !== 416) await store(response, path, kept, hash, file, options)
  const found = hash.digest('hex')
  if (found === file.sha256) return
  await rm(path, { force: true })
  throw new ServiceError(
    'wrong-hash',
    `What came for ${file.what} has the SHA-256 ${found.slice(0, 16)}… instead of ${file.sha256.slice(0, 16)}…, so it was thrown away.`,
    'Try again; if it happens again, the file there is not the one that Winnow knows.',
  )
}

async function ask(file: Fetched, from: number, { signal, fetch: ask = fetch }: FetchOptions): Promise<Response> {
  const response = await ask(file.url, {
    signal,
    redirect: 'follow',
    headers: from > 0 ? { range: `bytes=${from}-` } : {},
  }).catch((error: unknown) => {
    throw signal.aborted ? stopped() : failed(file, reasonOf(error))
  })
  if (response.ok || (response.status === 416 && from > 0)) return response
  throw failed(file, `the server answered ${response.status} ${response.statusText}`.trim())
}

async function store(
  response: Response,
  path: string,
  from: number,
  hash: Hash,
  file: Fetched,
  options: FetchOptions,
): Promise<void> {
  const { signal, onProgress } = options
  const length = Number(response.headers.get('content-length')) || file.bytes - from
  const target = await open(path, from > 0 ? 'r+' : 'w')
  let at = from
  try {
    for await (const piece of pieces(response, file, options)) {
      await write(target, piece, at, path)
      hash.update(piece)
      at += piece.length
      onProgress?.(at, from + length)
    }
    await target.truncate(at)
  } finally {
    await target.close()
  }
  if (signal.aborted) throw stopped()
  if (at < from + length) throw failed(file, `it ended after ${at} of ${from + length} bytes`)
}

async function* pieces(
  response: Response,
  file: Fetched,
  { signal, silenceMs = 30_000 }: FetchOptions,
): AsyncGenerator<Uint8Array> {
  const reader = response.body!.getReader()
  try {
    for (;;) {
      const silence = Promise.withResolvers<never>()
      const timer = setTimeout(
        () => silence.reject(failed(file, `nothing came for ${silenceMs / 1000} seconds`)),
        silenceMs,
      )
      const { done, value } = await Promise.race([reader.read(), silence.promise]).finally(() => clearTimeout(timer))
      if (done) return
      yield value
    }
  } catch (error) {
    if (error instanceof ServiceError) throw error
    throw signal.aborted ? stopped() : failed(file, reasonOf(error))
  } finally {
    await reader.cancel().catch(() => {})
  }
}

async function write(target: FileHandle, piece: Uint8Array, at: number, path: string): Promise<void> {
  try {
    await target.write(piece, 0, piece.length, at)
  } catch (error) {
    throw translateError(error, dirname(path))
  }
}

/** Before the first byte: a disk that fills up half-way is of no use to anyone. */
async function checkRoom(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path))
  if (bytes <= bavail * bsize) return
  throw new ServiceError(
    'disk-full',
    `The disk has room for ${Math.floor((bavail * bsize) / 2 ** 20)} MiB, but ${Math.ceil(bytes / 2 ** 20)} are needed.`,
    'Free some space, then try again.',
  )
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error && cause.message !== '' ? cause.message : message
}

function failed({ what }: Fetched, why: string): ServiceError {
  return new ServiceError(
    'fetch-failed',
    `${what} could not be fetched: ${why}.`,
    'Check the connection and try again; what came so far is kept.',
  )
}

function stopped(): ServiceError {
  return new ServiceError('cancelled', 'Fetching was stopped; what came so far is kept.', 'Start it again to go on.')
}
