// Reads a request's body up to a bound, so that a huge one costs neither memory nor patience.

import type { IncomingMessage } from 'node:http'
import { ServiceError } from '../../../contract/errors.ts'

/** ServiceError 'bad-request' as soon as more than `limit` bytes are announced or arrive. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function tooLarge(limit: number): ServiceError {
  return new ServiceError(
    'bad-request',
    `More than ${limit} bytes were sent at once.`,
    'Reload the page: it may be of another version of Winnow.',
  )
}
