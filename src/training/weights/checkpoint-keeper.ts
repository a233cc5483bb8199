// What is kept of a run with the service while it trains: its best weights, to be used, and its last ones, to go on
// from, with what the margins have come to by then.

import { toErrorRecord } from '../../contract/errors.ts'
import type { Run } from '../../contract/records.ts'
import type { Client } from '../../contract/table.ts'
import { decodeSnapshot, isBetter, type CheckpointEvent, type Score, type Snapshot } from '../../core/index.ts'
import { checkpointBytes } from './checkpoints.ts'
import type { EventBuffer } from '../event-buffer.ts'
import { AreaUnderMargin, type Margins } from '../area-under-margin.ts'
import { SavePacing } from './save-pacing.ts'

export class CheckpointKeeper {
  readonly #client: Client
  readonly #run: Run
  readonly #events: EventBuffer
  readonly #margins: AreaUnderMargin
  readonly #pace = new SavePacing()
  #best: Snapshot | undefined
  #last: Snapshot | undefined
  /** The newest to go on from, while it is not written down. */
  #unsaved: CheckpointEvent | undefined

  constructor(client: Client, run: Run, events: EventBuffer, rows: number) {
    this.#client = client
    this.#run = run
    this.#events = events
    this.#margins = new AreaUnderMargin(rows)
  }

  get best(): Snapshot | undefined {
    return this.#best
  }

  get last(): Snapshot | undefined {
    return this.#last
  }

  /** The best weights may have been written down after the last ones to go on from. */
  get bestScore(): Score | undefined {
    const [best, known] = [this.#best?.progress.best, this.#last?.progress.best ?? undefined]
    return best && isBetter(best, known) ? best : known
  }

  /** Of a run that was stopped or cut off. */
  async resume(): Promise<void> {
    const { id: runId, summary } = this.#run
    const started = (await this.#client.request('runs.events', { runId })).some(({ type }) => type === 'started')
    if (started) this.#last = await this.#saved('last')
    if (!this.#last) return
    this.#best = await this.#saved('best')
    const margins = await ifThere(this.#client.getBytes('margins', { runId }))
    if (margins) this.#margins.goOn(margins, summary?.epochs ?? 0)
  }

  /** Training goes on from the last weights, and measures again what comes after them. */
  rollBackToLast(): void {
    this.#margins.goBackTo(this.#last?.step ?? 0)
  }

  addMargins(margins: Margins): void {
    this.#margins.add(margins)
  }

  async keepBest(event: CheckpointEvent): Promise<void> {
    await this.#write(event)
    this.#best = event.snapshot
  }

  /** Written down as often as the pace of saving allows. */
  async keepLast(event: CheckpointEvent): Promise<void> {
    this.#last = event.snapshot
    this.#unsaved = event
    this.#margins.goBackTo(event.snapshot.step)
    this.#margins.settle(event.goodStep)
    if (this.#pace.isDue) await this.saveLast()
  }

  /** With it what the margins have come to, so that both go on from the same step. */
  async saveLast(): Promise<void> {
    const event = this.#unsaved
    if (!event) return
    await this.#pace.timed(async () => {
      this.#margins.goBackTo(event.snapshot.step)
      await this.#write(event)
      await this.#client.putBytes('margins', { runId: this.#run.id }, this.#margins.bytes())
    })
    this.#unsaved = undefined
  }

  async #saved(kind: 'best' | 'last'): Promise<Snapshot | undefined> {
    const bytes = await ifThere(this.#client.getBytes('checkpoint', { runId: this.#run.id, kind }))
    return bytes && decodeSnapshot(bytes)
  }

  async #write({ snapshot, step, epoch, kind }: CheckpointEvent): Promise<void> {
    const { id: runId, settings } = this.#run
    await this.#client.putBytes('checkpoint', { runId, kind }, checkpointBytes(snapshot, epoch, settings, kind))
    await this.#events.add({ type: 'checkpoint', step, epoch, kind })
  }
}

/** Undefined for what was never saved; any other failure is one. */
async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (['no-checkpoint', 'no-margins'].includes(toErrorRecord(error).code)) return undefined
    throw error
  }
}
