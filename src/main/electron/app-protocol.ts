// The app: scheme: the page's files from memory and the bytes table from the service. Only the page itself may ask; no
// path is opened.

import type { CustomScheme } from 'electron'
import type { BytesAnswer } from '../../contract/server-bytes.ts'
import type { PageFile } from '../hosts/page-files.ts'
import { bytesHeaders, pageHeaders } from '../hosts/page-headers.ts'
import { appOrigin } from './api.ts'

export const appScheme: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
}

/** A question of the bytes table as it crosses to the service's process. */
export interface BytesQuestion {
  readonly method: string
  readonly name: string
  readonly query: readonly (readonly [string, string])[]
  readonly body: Uint8Array
}

/** `initiatorOrigin` is set by the browser, not by the page; it is absent for what the browser itself asks (the first
 *  load). */
export interface AppRequest {
  readonly url: string
  readonly method: string
  readonly initiatorOrigin?: string
  arrayBuffer(): Promise<ArrayBuffer>
}

/** Answers requests of the app: scheme. */
export function createAppProtocol(
  files: ReadonlyMap<string, PageFile>,
  ask: (question: BytesQuestion) => Promise<BytesAnswer>,
) {
  return async (request: AppRequest): Promise<Response> => {
    const url = URL.parse(request.url)
    const stranger = request.initiatorOrigin !== undefined && request.initiatorOrigin !== appOrigin
    if (!url || stranger || `${url.protocol}//${url.host}` !== appOrigin)
      return answer(403, pageHeaders(), 'text/plain', "Only Winnow's own page may ask this.")
    if (url.pathname.startsWith('/bytes/')) {
      const body = request.method === 'PUT' ? new Uint8Array(await request.arrayBuffer()) : new Uint8Array()
      return bytesResponse(
        await ask({
          method: request.method,
          name: url.pathname.slice('/bytes/'.length),
          query: [...url.searchParams],
          body,
        }),
      )
    }
    const file = request.method === 'GET' ? files.get(url.pathname) : undefined
    return file
      ? answer(200, pageHeaders(), file.type, file.bytes)
      : answer(404, pageHeaders(), 'text/plain', 'There is nothing here.')
  }
}

function bytesResponse(result: BytesAnswer): Response {
  if (result.status === 204) return new Response(null, { status: 204, headers: bytesHeaders(null) })
  if (result.status === 200) return answer(200, bytesHeaders(result.fileName), result.type, result.bytes)
  return answer(result.status, bytesHeaders(null), 'application/json', JSON.stringify(result.error))
}

function answer(status: number, headers: Record<string, string>, type: string, body: Uint8Array | string): Response {
  return new Response(body as Uint8Array<ArrayBuffer> | string, {
    status,
    headers: { ...headers, 'Content-Type': type },
  })
}
