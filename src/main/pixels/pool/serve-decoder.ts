// The decoder's side of the pool: takes batches of requests by process message, decodes one file after the other, sends
// results in parcels. Parcels leave at least every 50 ms, so silence means that one file is taking long and the pool's
// watchdog can count on it.

import sharp from 'sharp'
import type { DecodeLimits } from '../decode/decode-file.ts'
import type { Admit } from '../decode/decode-image.ts'
import type { DecodeRequest, DecodeResult } from '../types.ts'

export interface Batch {
  readonly requests: readonly DecodeRequest[]
  readonly limits: DecodeLimits
}

/** From the pool to the decoder: a batch, or the answer to 'large'. */
export type PoolMessage = { readonly type: 'batch'; readonly batch: Batch } | { readonly type: 'go' }

/**
 * From the decoder to the pool: once 'ready', then for each batch some 'results' of which the last says so. 'large'
 * asks for leave to decode a photo that takes much memory, and waits for 'go'.
 */
export type DecoderMessage = DecoderNews & {
  /** Processor time that the process has used so far. */
  readonly usedMs: number
}

type DecoderNews =
  | { readonly type: 'ready' }
  | { readonly type: 'large'; readonly pixels: number }
  | { readonly type: 'results'; readonly results: readonly DecodeResult[]; readonly last: boolean }

export type DecodeFunction = (request: DecodeRequest, limits: DecodeLimits, admit: Admit) => Promise<DecodeResult>

/** Photos above this ask for leave. */
const LARGE_PIXELS = 25_000_000
const PARCEL_MS = 50

/** Serves batches on this process's channel until the parent disconnects. */
export function serveDecoder(decode: DecodeFunction): void {
  prepareSharp()
  let goOn = (): void => {}
  const admit: Admit = async pixels => {
    if (pixels < LARGE_PIXELS) return
    const leave = new Promise<void>(resolve => {
      goOn = resolve
    })
    send({ type: 'large', pixels })
    await leave
  }
  process.on('disconnect', () => process.exit(0))
  process.on('message', (message: PoolMessage) => {
    if (message.type === 'go') goOn()
    else void decodeBatch(message.batch, decode, admit)
  })
  send({ type: 'ready' })
}

/** No caches between files, one thread a process, and only the loaders that photos need. */
function prepareSharp(): void {
  sharp.cache(false)
  sharp.concurrency(1)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Tiff', 'Nsgif'].map(name => `VipsForeignLoad${name}Buffer`),
  })
}

async function decodeBatch({ requests, limits }: Batch, decode: DecodeFunction, admit: Admit): Promise<void> {
  let parcel: DecodeResult[] = []
  const flush = (last: boolean): void => {
    if (parcel.length > 0 || last) send({ type: 'results', results: parcel, last })
    parcel = []
  }
  const timer = setInterval(flush, PARCEL_MS, false)
  for (const request of requests) {
    const result = await decode(request, limits, admit)
    parcel.push(result)
  }
  clearInterval(timer)
  flush(true)
}

function send(news: DecoderNews): void {
  const { user, system } = process.cpuUsage()
  process.send?.({ ...news, usedMs: (user + system) / 1000 } satisfies DecoderMessage)
}
