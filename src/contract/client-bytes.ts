// Bytes by URL: `<base>/bytes/<name>?<params>`, the same in a browser tab (http) and in Electron (app:). The host hands
// in fetch.

import { fromErrorRecord, ServiceError, toErrorRecord, type ErrorRecord } from './errors.ts'
import type { BytesClient } from './client.ts'
import type { BytesName, BytesParams } from './table.ts'

/** The part of the platform's fetch that is used here. */
export type Fetch = (
  url: string,
  init?: { method: string; body: Uint8Array<ArrayBuffer> },
) => Promise<{
  readonly ok: boolean
  readonly status: number
  arrayBuffer(): Promise<ArrayBuffer>
  json(): Promise<unknown>
}>

export function createBytesClient(base: string, fetch: Fetch): BytesClient {
  const url = <N extends BytesName>(name: N, params: BytesParams<N>) => `${base}/bytes/${name}?${queryOf(params)}`
  const ask = async (...request: Parameters<Fetch>) => {
    const response = await fetch(...request).catch((error: unknown) => {
      throw new ServiceError(
        'disconnected',
        `Winnow did not answer (${toErrorRecord(error).message}).`,
        'Start Winnow again; everything saved is still there.',
      )
    })
    if (!response.ok) throw await errorOf(response)
    return response
  }
  return {
    url,
    getBytes: async (name, params) => new Uint8Array(await (await ask(url(name, params))).arrayBuffer()),
    putBytes: async (name, params, body) => void (await ask(url(name, params), { method: 'PUT', body })),
  }
}

/** What is not said is left out, as JSON leaves it out. */
function queryOf(params: Record<string, unknown>): string {
  return Object.entries(params)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
    .join('&')
}

async function errorOf(response: Awaited<ReturnType<Fetch>>): Promise<ServiceError> {
  const record = (await response.json().catch(() => null)) as Partial<ErrorRecord> | null
  if (typeof record?.code === 'string' && typeof record.message === 'string' && typeof record.fix === 'string')
    return fromErrorRecord(record as ErrorRecord)
  return new ServiceError('disconnected', `Winnow answered with status ${response.status}.`, 'Reload the page.')
}
