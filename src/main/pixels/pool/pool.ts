// The decode pool: hands batches of files to child processes and survives whatever the files do to them. When a process
// dies or hangs, what it had not answered is decoded again one file at a time, so the killer is found and only it is
// marked. Every request gets exactly one result, or the call ends with an error.

import { availableParallelism } from 'node:os'
import { ServiceError } from '../../../contract/errors.ts'
import { Batches } from './batches.ts'
import { Channel } from './channel.ts'
import { failed, type DecodeLimits } from '../decode/decode-file.ts'
import { DecoderProcess, START_WAITS_MS, type BatchEnd, type SilenceLimits } from './decoder-process.ts'
import { PixelBudget } from './pixel-budget.ts'
import { fileProblem } from '../reasons.ts'
import { largestPhotoBytes } from '../types.ts'
import type { DecodeCall, DecodePool, DecodePoolOptions, DecodeRequest, DecodeResult } from '../types.ts'

const DEFAULT_WORK_MS = 20_000
const DEFAULT_STALLED_MS = 120_000
const DEFAULT_MAX_PIXELS = 150_000_000
/** Batches are sized to take about this long, so that small files share a message and large ones do not wait for each
 *  other. */
const BATCH_MS = 100
const LARGEST_BATCH = 64
const FIRST_BATCH = 4
/** Results that may wait for the caller before the lanes pause. */
const WAITING_RESULTS = 256
const DEATHS_ALLOWED = 2
/** Of photos above 25 million pixels, in memory at once. */
const LARGE_PHOTOS_PIXELS = 300_000_000

/** Makes a pool; its processes start with the first request and live until `close`. */
export function createDecodePool(options: DecodePoolOptions): DecodePool {
  return new Pool(options)
}

/** What one `decode` call shares among its lanes. */
interface PoolWork {
  readonly batches: Batches
  readonly results: Channel<DecodeResult>
  readonly signal: AbortSignal
  readonly onInFlight: (keys: readonly number[]) => void
}

class Pool implements DecodePool {
  readonly #decoderPath: string
  readonly #nodePath: string
  readonly #processes: number
  readonly #silence: SilenceLimits
  readonly #startWaitsMs: readonly number[]
  readonly #limits: DecodeLimits
  readonly #budget = new PixelBudget(LARGE_PHOTOS_PIXELS)
  readonly #running = new Set<DecoderProcess>()
  readonly #idle: DecoderProcess[] = []
  readonly #waiting: (() => void)[] = []
  #taken = 0
  #msPerFile = BATCH_MS / FIRST_BATCH
  readonly #closed = new AbortController()

  constructor(options: DecodePoolOptions) {
    this.#decoderPath = options.decoderPath
    this.#nodePath = options.nodePath ?? process.execPath
    this.#processes = Math.max(1, options.processes ?? availableParallelism())
    this.#silence = {
      workMs: options.workMs ?? DEFAULT_WORK_MS,
      stalledMs: options.stalledMs ?? DEFAULT_STALLED_MS,
    }
    this.#startWaitsMs = options.startWaitsMs ?? START_WAITS_MS
    this.#limits = {
      maxPixels: options.maxPixels ?? DEFAULT_MAX_PIXELS,
      maxBytes: options.maxBytes ?? largestPhotoBytes,
    }
  }

  async *decode(
    requests: Iterable<DecodeRequest> | AsyncIterable<DecodeRequest>,
    call: DecodeCall,
  ): AsyncGenerator<DecodeResult, void> {
    const stopped = new AbortController()
    const signal = AbortSignal.any([call.signal, stopped.signal, this.#closed.signal])
    signal.throwIfAborted()
    const work: PoolWork = {
      batches: new Batches(requests),
      results: new Channel(WAITING_RESULTS),
      signal,
      onInFlight: call.onInFlight ?? (() => {}),
    }
    const fail = (): void => work.results.fail(signal.reason)
    signal.addEventListener('abort', fail)
    const lanes = Array.from({ length: Math.min(call.concurrency ?? this.#processes, this.#processes) }, () =>
      this.#lane(work),
    )
    void Promise.all(lanes).then(
      () => work.results.close(),
      error => work.results.fail(error),
    )
    try {
      yield* work.results
    } finally {
      signal.removeEventListener('abort', fail)
      stopped.abort()
      await Promise.allSettled(lanes)
      await work.batches.stop()
    }
  }

  async close(): Promise<void> {
    this.#closed.abort(
      new ServiceError('decoder-closed', 'The photo decoder was closed while it was at work.', 'Start the work again.'),
    )
    for (const decoder of this.#running) decoder.kill()
  }

  /** Takes batches until there are none. A lane holds a process only while a batch is at work. */
  async #lane(work: PoolWork): Promise<void> {
    for (;;) {
      await work.results.ready()
      work.signal.throwIfAborted()
      const batch = await work.batches.take(this.#batchSize())
      if (batch.length === 0) return
      const unanswered = await this.#runOnce(batch, work)
      for (const request of unanswered.requests) {
        await this.#alone(request, work, batch.length === 1 ? unanswered.end : null)
      }
    }
  }

  #batchSize(): number {
    return Math.max(1, Math.min(LARGEST_BATCH, Math.round(BATCH_MS / this.#msPerFile)))
  }

  /** Decodes one suspect by itself until it answers, is too slow, or has killed its process twice. */
  async #alone(request: DecodeRequest, work: PoolWork, before: BatchEnd | null): Promise<void> {
    let end = before
    let deaths = end === 'died' ? 1 : 0
    while (end !== 'slow' && end !== 'stalled' && deaths < DEATHS_ALLOWED) {
      end = (await this.#runOnce([request], work)).end
      if (end === 'done') return
      if (end === 'died') deaths++
    }
    const problem = fileProblem(end === 'died' ? 'decoder-crashed' : 'decoder-slow', request.path, this.#limitOf(end))
    work.results.push([failed(request, {}, problem)])
  }

  #limitOf(end: BatchEnd | null): Record<string, number> {
    if (end === 'slow') return { seconds: this.#silence.workMs / 1000 }
    return end === 'stalled' ? { stalled: this.#silence.stalledMs / 1000 } : {}
  }

  /** Runs a batch once and says how it ended and which requests were not answered. */
  async #runOnce(
    batch: readonly DecodeRequest[],
    work: PoolWork,
  ): Promise<{ end: BatchEnd; requests: readonly DecodeRequest[] }> {
    const decoder = await this.#borrow(work.signal)
    const giveUp = (): void => decoder.kill()
    work.signal.addEventListener('abort', giveUp)
    try {
      work.signal.throwIfAborted()
      work.onInFlight(batch.map(request => request.key))
      const answered = new Set<number>()
      const started = performance.now()
      const end = await decoder.run({ requests: batch, limits: this.#limits }, this.#silence, this.#budget, results => {
        for (const result of results) answered.add(result.key)
        work.results.push(results)
      })
      work.signal.throwIfAborted()
      const requests = batch.filter(request => !answered.has(request.key))
      if (end !== 'done' || requests.length > 0) return { end: end === 'done' ? 'died' : end, requests }
      this.#learnPace((performance.now() - started) / batch.length)
      return { end, requests }
    } finally {
      work.signal.removeEventListener('abort', giveUp)
      this.#giveBack(decoder)
    }
  }

  #learnPace(msPerFile: number): void {
    this.#msPerFile = 0.7 * this.#msPerFile + 0.3 * msPerFile
  }

  async #borrow(signal: AbortSignal): Promise<DecoderProcess> {
    while (this.#taken >= this.#processes && !signal.aborted) await this.#slotOr(signal)
    signal.throwIfAborted()
    this.#taken++
    try {
      return this.#takeIdle() ?? (await this.#start(signal))
    } catch (error) {
      this.#release()
      throw error
    }
  }

  /** Resolves when a slot may be free, or the call is cancelled while other calls keep theirs. */
  #slotOr(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done)
      this.#waiting.push(done)
    })
  }

  /** An idle process may have died meanwhile, killed for its memory for instance. */
  #takeIdle(): DecoderProcess | null {
    for (let decoder = this.#idle.pop(); decoder; decoder = this.#idle.pop()) {
      if (decoder.alive) return decoder
      this.#running.delete(decoder)
    }
    return null
  }

  async #start(signal: AbortSignal): Promise<DecoderProcess> {
    const decoder = await DecoderProcess.start(this.#decoderPath, this.#nodePath, this.#startWaitsMs)
    this.#running.add(decoder)
    if (signal.aborted) this.#giveBack(decoder, false)
    signal.throwIfAborted()
    return decoder
  }

  #giveBack(decoder: DecoderProcess, taken = true): void {
    if (decoder.alive && !this.#closed.signal.aborted) {
      this.#idle.push(decoder)
    } else {
      decoder.kill()
      this.#running.delete(decoder)
    }
    if (taken) this.#release()
  }

  #release(): void {
    this.#taken--
    for (const retry of this.#waiting.splice(0)) retry()
  }
}
