// A service whose functions are all the same: they answer what `answer` gives for their name. For tests of the wire
// alone.

import {
  bytes,
  requests,
  streams,
  type BytesName,
  type RequestName,
  type Service,
  type StreamName,
} from '../../src/contract/table.ts'

export interface FakeParts {
  request?: (name: RequestName, params: unknown, signal: AbortSignal) => unknown
  stream?: (name: StreamName, params: unknown, emit: (item: unknown) => void) => () => void
  get?: (name: BytesName, params: unknown) => { bytes: Uint8Array; type?: string; fileName?: string }
  put?: (name: BytesName, params: unknown, body: Uint8Array) => void
}

export function fakeService({
  request = () => ({}),
  stream = () => () => {},
  get = () => ({ bytes: new Uint8Array() }),
  put,
}: FakeParts): Service {
  const each = <N extends string>(table: Record<N, unknown>, make: (name: N) => unknown) =>
    Object.fromEntries((Object.keys(table) as N[]).map(name => [name, make(name)]))
  return {
    requests: each(requests, name => (params: unknown, signal: AbortSignal) => request(name, params, signal)),
    streams: each(streams, name => (params: unknown, emit: (item: unknown) => void) => stream(name, params, emit)),
    bytes: each(bytes, name => ({
      get: async (params: unknown) => get(name, params),
      ...(put && { put: async (params: unknown, body: Uint8Array) => put(name, params, body) }),
    })),
    close: async () => {},
  } as unknown as Service
}
