// A queue between producers and one consumer of an async generator, with a bound: producers wait while it is full.

export class Channel<T> implements AsyncIterable<T> {
  readonly #limit: number
  #items: T[] = []
  #end: { readonly error?: unknown } | null = null
  #wake: (() => void)[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Adds items at once; ask `ready` first where the consumer may be slower. Items after the end are dropped. */
  push(items: readonly T[]): void {
    if (this.#end) return
    this.#items.push(...items)
    this.#wakeAll()
  }

  /** Resolves when there is room or the channel has ended. */
  async ready(): Promise<void> {
    while (this.#items.length >= this.#limit && !this.#end) await this.#change()
  }

  /** No more items: the consumer gets what is left and then the end. */
  close(): void {
    this.#end ??= {}
    this.#wakeAll()
  }

  /** The consumer gets this error next; items not yet taken are dropped. */
  fail(error: unknown): void {
    if (this.#end) return
    this.#end = { error }
    this.#items = []
    this.#wakeAll()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const items = this.#items
      this.#items = []
      this.#wakeAll()
      for (const item of items) {
        yield item
        if (this.#end && 'error' in this.#end) throw this.#end.error
      }
      if (this.#end && 'error' in this.#end) throw this.#end.error
      if (this.#items.length > 0) continue
      if (this.#end) return
      await this.#change()
    }
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#wake.push(resolve))
  }

  #wakeAll(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }
}
