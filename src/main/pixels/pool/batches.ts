// Cuts a stream of requests into batches. Safe to call from several lanes at once: calls take turns.

import type { DecodeRequest } from '../types.ts'

export class Batches {
  readonly #requests: Iterator<DecodeRequest> | AsyncIterator<DecodeRequest>
  #held: DecodeRequest | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #ended = false

  constructor(requests: Iterable<DecodeRequest> | AsyncIterable<DecodeRequest>) {
    this.#requests = Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]()
  }

  /** Up to `size` requests; a request that must be alone comes alone; empty at the end. */
  take(size: number): Promise<DecodeRequest[]> {
    const taken = this.#turn.then(() => this.#take(size))
    this.#turn = taken.catch(() => {})
    return taken
  }

  /** No more requests are taken; the source may clean up. */
  async stop(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    await this.#requests.return?.()
  }

  async #take(size: number): Promise<DecodeRequest[]> {
    const batch: DecodeRequest[] = []
    while (batch.length < size) {
      const request = this.#held ?? (await this.#next())
      this.#held = null
      if (!request) break
      if (request.alone && batch.length > 0) {
        this.#held = request
        break
      }
      batch.push(request)
      if (request.alone) break
    }
    return batch
  }

  async #next(): Promise<DecodeRequest | null> {
    if (this.#ended) return null
    const { value, done } = await this.#requests.next()
    this.#ended = done === true
    return done ? null : value
  }
}
