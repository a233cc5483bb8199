// Sends a run's events to the service in order and in small groups, so that a fast training does not wait for the wire.

import type { RunEvent } from '../contract/records.ts'
import type { Client } from '../contract/table.ts'

const groupMs = 250
const groupSize = 200

export class EventBuffer {
  readonly #client: Client
  readonly #runId: number
  readonly #onEvent: (event: RunEvent) => void
  #waiting: RunEvent[] = []
  #sentAt = 0

  constructor(client: Client, runId: number, onEvent: (event: RunEvent) => void) {
    this.#client = client
    this.#runId = runId
    this.#onEvent = onEvent
  }

  async add(event: RunEvent): Promise<void> {
    this.#onEvent(event)
    this.#waiting.push(event)
    if (this.#waiting.length >= groupSize || performance.now() - this.#sentAt > groupMs) await this.flush()
  }

  async flush(): Promise<void> {
    this.#sentAt = performance.now()
    const events = this.#waiting
    this.#waiting = []
    if (events.length > 0) await this.#client.request('runs.append', { runId: this.#runId, events })
  }
}
