// A Client in the same process as the service: no frames, the same checks of parameters, the same errors.

import { fromErrorRecord, ServiceError, toErrorRecord } from './errors.ts'
import {
  bytes,
  requests,
  streams,
  type BytesHandler,
  type BytesName,
  type Client,
  type RequestName,
  type RequestResult,
  type Service,
  type StreamItem,
} from './table.ts'
import { checkParams } from './wire-params.ts'

type AnyFunction = (...values: unknown[]) => unknown

export function createDirectClient(service: Service): Client {
  return {
    request: async <N extends RequestName>(name: N, params: unknown, signal = new AbortController().signal) =>
      (await asServiceError(() =>
        (service.requests[name] as AnyFunction)(checkParams(name, requests[name].params, params), signal),
      )) as RequestResult<N>,
    subscribe: (name, params, onItem) =>
      (service.streams[name] as AnyFunction)(
        checkParams(name, streams[name].params, params),
        (item: StreamItem<typeof name>) => onItem(item),
      ) as () => void,
    getBytes: async (name, params) => {
      const { bytes: found } = await asServiceError(() =>
        handlerOf(service, name).get(checkParams(name, bytes[name].params, params)),
      )
      return found.buffer instanceof ArrayBuffer ? (found as Uint8Array<ArrayBuffer>) : new Uint8Array(found)
    },
    putBytes: async (name, params, body) => {
      const handler = handlerOf(service, name)
      if (!handler.put)
        throw new ServiceError('bad-request', `${name} cannot be written.`, 'Write a checkpoint or predictions.')
      await asServiceError(() => handler.put!(checkParams(name, bytes[name].params, params), body))
    },
    url: name => {
      throw new ServiceError('no-page', `${name} has no address in the terminal.`, 'Ask for the bytes themselves.')
    },
  }
}

function handlerOf(service: Service, name: BytesName): BytesHandler<unknown> {
  return service.bytes[name] as BytesHandler<unknown>
}

async function asServiceError<T>(work: () => T): Promise<Awaited<T>> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof ServiceError ? error : Object.assign(fromErrorRecord(toErrorRecord(error)), { cause: error })
  }
}
