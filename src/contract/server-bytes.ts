// Serves the bytes table: a method, a name and a query in, bytes or an error with an HTTP status out. Loopback and
// Electron's protocol wrap it. The query is checked against the table's schema; nothing in it is ever a path.

import { z } from 'zod'
import { ServiceError, toErrorRecord, type ErrorRecord } from './errors.ts'
import { bytes, largestBody, type BytesHandler, type Service } from './table.ts'
import { checkParams, entryOf } from './wire-params.ts'

export type BytesAnswer =
  | { readonly status: 200; readonly bytes: Uint8Array; readonly type: string; readonly fileName: string | null }
  | { readonly status: 204 }
  | { readonly status: 400 | 404 | 405 | 500; readonly error: ErrorRecord }

/** What is asked of a `bytes` address; `body` is called only for a PUT that is allowed. */
export interface BytesRequest {
  readonly method: string
  readonly name: string
  readonly query: Iterable<readonly [string, string]>
  body(most: number): Promise<Uint8Array>
}

/** Types a service may answer with besides those of the table: pictures that a browser shows and cannot run. */
const shownTypes = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/bmp',
  'application/octet-stream',
])

/** Never rejects: what goes wrong is the answer. */
export async function answerBytes(service: Service, request: BytesRequest): Promise<BytesAnswer> {
  try {
    const entry = entryOf(bytes, request.name)
    if (!(entry.methods as readonly string[]).includes(request.method))
      return refusal(405, 'bad-request', `${request.name} cannot be asked for with ${request.method}.`)
    const params = checkParams(request.name, entry.params, numbersIn(request.query, entry.params))
    const handler = service.bytes[request.name as keyof typeof bytes] as BytesHandler<unknown>
    return request.method === 'PUT'
      ? await put(handler, params, await measured(handler, params, request))
      : await get(handler, params, entry.type)
  } catch (error) {
    return { status: statusOf(error, request.method), error: toErrorRecord(error) }
  }
}

async function get(handler: BytesHandler<unknown>, params: unknown, usualType: string): Promise<BytesAnswer> {
  const { bytes: found, type = usualType, fileName = null } = await handler.get(params)
  return { status: 200, bytes: found, type: shownTypes.has(type) ? type : 'application/octet-stream', fileName }
}

/** A body that is larger than such bytes can be is refused before it is in memory. */
async function measured(handler: BytesHandler<unknown>, params: unknown, request: BytesRequest): Promise<Uint8Array> {
  const most = handler.largest?.(params) ?? largestBody
  const body = await request.body(most)
  if (body.length <= most) return body
  throw new ServiceError(
    'bad-request',
    `${body.length} bytes were sent as ${request.name}, which can have ${most} at most.`,
    'Reload the page: it may be of another version of Winnow.',
  )
}

async function put(handler: BytesHandler<unknown>, params: unknown, body: Uint8Array): Promise<BytesAnswer> {
  if (!handler.put) return refusal(405, 'bad-request', 'These bytes cannot be written.')
  // Node's Buffer is a Uint8Array that shares its memory and whose slice() does not copy: services get the plain kind.
  await handler.put(params, body.constructor === Uint8Array ? body : new Uint8Array(body))
  return { status: 204 }
}

function refusal(status: 405, code: string, message: string): BytesAnswer {
  return { status, error: { code, message, fix: 'Reload the page: it may be of another version of Winnow.' } }
}

/** Query values are text; those the schema wants as numbers become numbers where they are plain whole ones. */
function numbersIn(query: Iterable<readonly [string, string]>, schema: z.ZodObject): Record<string, unknown> {
  const values = Object.entries(schema.shape).map(([key, field]): [string, unknown] => {
    const text = [...query].find(([name]) => name === key)?.[1]
    return [key, field instanceof z.ZodNumber && text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text]
  })
  return Object.fromEntries(values)
}

function statusOf(error: unknown, method: string): 400 | 404 | 500 {
  if (!(error instanceof ServiceError)) return 500
  if (error.code === 'bad-request') return 400
  return method === 'GET' || error.code === 'unknown-name' ? 404 : 500
}
