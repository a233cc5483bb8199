// One training run from its photos to its predictions, the same in the page's worker and in the terminal. The service
// holds the run; this asks for its pixels, trains, and sends events, checkpoints and predictions back. A lost GPU is
// replaced and training goes on from the last checkpoint; a second loss within a minute ends the run with what was
// saved.

import { toErrorRecord } from '../contract/errors.ts'
import type { Run, RunEvent, RunState } from '../contract/records.ts'
import type { Client } from '../contract/table.ts'
import { train, type CheckpointEvent, type Device, type TrainEvent } from '../core/index.ts'
import { loadInitialWeights, frozenText, type InitialWeights } from './weights/initial-weights.ts'
import { balancedWeights, weightsText } from './class-weights.ts'
import { EventBuffer } from './event-buffer.ts'
import { CheckpointKeeper } from './weights/checkpoint-keeper.ts'
import { loadPhotos, type RunPhotos } from './photos.ts'
import { sendPredictions } from './predictions.ts'
import { trainingOptions } from './training-options.ts'
import { onReplacedDevice } from './replaced-device.ts'
import { toRunEvent } from './run-events.ts'
import { Summary } from './summary.ts'

export interface TrainRunOptions {
  readonly client: Client
  readonly runId: number
  /** Called at the start, and again after the device was lost. The session destroys what it got. */
  readonly openDevice: () => Promise<Device>
  /** Stops training within a submit; the best weights so far are kept and used. */
  readonly signal?: AbortSignal
  /** Awaited between events: a promise that waits is a pause. */
  readonly gate?: () => Promise<void>
  readonly onEvent?: (event: RunEvent) => void
}

/** Resolves with the finished run. Rejects with the error that the run was marked failed with. */
export async function trainRun(options: TrainRunOptions): Promise<Run> {
  const { client, runId } = options
  const leave = client.subscribe('trainer', { runId }, () => {})
  try {
    const run = await client.request('runs.get', { runId })
    const photos = await loadPhotos(client, run, options.signal)
    return await new RunSession(options, run, photos, await loadInitialWeights(client, run)).train()
  } catch (error) {
    await client.request('runs.finish', { runId, state: 'failed', summary: null, error: toErrorRecord(error) })
    throw error
  } finally {
    leave()
  }
}

class RunSession {
  readonly #options: TrainRunOptions
  readonly #run: Run
  readonly #photos: RunPhotos
  readonly #initial: InitialWeights | undefined
  readonly #events: EventBuffer
  readonly #keeper: CheckpointKeeper
  readonly #summary = new Summary()

  constructor(options: TrainRunOptions, run: Run, photos: RunPhotos, initial: InitialWeights | undefined) {
    this.#options = options
    this.#run = run
    this.#photos = photos
    this.#initial = initial
    this.#events = new EventBuffer(options.client, run.id, options.onEvent ?? (() => {}))
    this.#keeper = new CheckpointKeeper(options.client, run, this.#events, photos.photoIds.length)
  }

  async train(): Promise<Run> {
    await this.#keeper.resume()
    if (this.#keeper.last) await this.#tellResumed(this.#keeper.last.step)
    else await this.#tellWeights()
    const state = await this.#savedThoughItFails(() => this.#withReplacements())
    await this.#events.flush()
    return this.#options.client.request('runs.finish', {
      runId: this.#run.id,
      state,
      summary: this.#summary.values,
      error: null,
    })
  }

  async #tellResumed(steps: number): Promise<void> {
    this.#summary.put({ ...this.#run.summary, steps })
    await this.#note('resumed', `Training goes on from step ${steps}.`)
  }

  async #tellWeights(): Promise<void> {
    const { settings, classes } = this.#run
    for (const note of this.#initial?.notes ?? []) await this.#note('weights-renamed', note)
    if (this.#initial && settings.freeze !== undefined) await this.#note('frozen', frozenText(this.#run))
    if (settings.classWeights !== 'balanced') return
    await this.#note('class-weights', weightsText(this.#run, balancedWeights(this.#photos, classes.length)))
  }

  async #note(code: string, message: string): Promise<void> {
    await this.#events.add({ type: 'note', code, message, step: this.#summary.values.steps })
  }

  /** Where the work fails, what there is to go on from and what was told are still written down, as far as that goes:
   *  told is why it failed. */
  async #savedThoughItFails<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      await this.#keeper.saveLast().catch(() => {})
      await this.#events.flush().catch(() => {})
      throw error
    }
  }

  /** Trains and predicts on one device, whose compiled kernels serve both; on another one when it is lost. */
  #withReplacements(): Promise<RunState> {
    const work = async (device: Device) => {
      const state = await this.#trainOn(device)
      await this.#predictOn(device)
      return state
    }
    return onReplacedDevice(this.#options.openDevice, work, ({ message }) => {
      const { steps, epochs } = this.#summary.values
      return this.#events.add({
        type: 'note',
        code: 'device-lost',
        warning: true,
        step: steps,
        message: `${message} Training goes on from epoch ${epochs} on a new device.`,
      })
    })
  }

  async #trainOn(device: Device): Promise<RunState> {
    const { signal, gate } = this.#options
    this.#summary.put({ adapter: device.info.name })
    this.#summary.beginFrom(this.#keeper.bestScore)
    this.#keeper.rollBackToLast()
    let state: RunState = 'done'
    for await (const event of train(
      trainingOptions(this.#run, this.#photos, device, { from: this.#keeper.last, initial: this.#initial }),
      signal,
    )) {
      await this.#handle(event, device)
      if (event.type === 'ended') state = event.state
      await gate?.()
    }
    return state
  }

  async #handle(event: TrainEvent, device: Device): Promise<void> {
    if (event.type === 'checkpoint') await this.#keep(event)
    if (event.type === 'ended') await this.#keeper.saveLast()
    if (event.type === 'margins') this.#keeper.addMargins(event)
    this.#summary.add(event)
    const shown = toRunEvent(event, device)
    if (shown) await this.#events.add(shown)
  }

  async #keep(event: CheckpointEvent): Promise<void> {
    if (event.kind === 'last') return this.#keeper.keepLast(event)
    // After a lost device core starts counting anew; only a real improvement replaces what is kept.
    if (!this.#keeper.best || this.#summary.isAtBest) await this.#keeper.keepBest(event)
  }

  /** With the best weights, or the last ones where none were best. */
  async #predictOn(device: Device): Promise<void> {
    const snapshot = this.#keeper.best ?? this.#keeper.last
    if (snapshot)
      this.#summary.put(await sendPredictions(this.#options.client, this.#run, this.#photos, device, snapshot))
  }
}
