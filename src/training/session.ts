// One training run from its photos to its predictions, the same in the page's worker and in the terminal. The service holds the run;
// this asks for its pixels, trains, and sends events, checkpoints and predictions back. A lost GPU is replaced and training goes
// on from the last checkpoint; a second loss within a minute ends the run with what was saved.

import { toErrorRecord } from '../contract/errors.ts'
import type { Run, RunEvent, RunState, RunSummary } from '../contract/records.ts'
import type { Client } from '../contract/table.ts'
import { decodeSnapshot, isBetter, predictWithFeatures, score, train, usableWeights, type CheckpointEvent, type Device, type Score, type Snapshot, type TrainEvent } from '../core/index.ts'
import { firstWeights, frozenText, type FirstWeights } from './beginning.ts'
import { checkpointBytes } from './checkpoints.ts'
import { balancedWeights, weightsText } from './class-weights.ts'
import { Journal } from './journal.ts'
import { MarginTrace } from './margin-trace.ts'
import { loadPhotos, type RunPhotos } from './photos.ts'
import { trainingOptions } from './recipe.ts'
import { onReplacedDevice } from './replaced-device.ts'
import { SavePace } from './save-pace.ts'

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
  try {
    return await new RunSession(options).run()
  } catch (error) {
    await client.request('runs.finish', { runId, state: 'failed', summary: null, error: toErrorRecord(error) })
    throw error
  }
}

class RunSession {
  readonly #options: TrainRunOptions
  readonly #journal: Journal
  #margins: MarginTrace | undefined
  #initial: FirstWeights | undefined
  #best: Snapshot | undefined
  #last: Snapshot | undefined
  /** The newest to go on from, while it is not written down. */
  #unsaved: CheckpointEvent | undefined
  readonly #pace = new SavePace()
  #summary: RunSummary = { epochs: 0, steps: 0, seconds: 0, adapter: '', trainLoss: null, validationAccuracy: null, validationLoss: null, testAccuracy: null }
  #bestScore: Score | undefined
  #latestScore: Score | undefined

  constructor(options: TrainRunOptions) {
    this.#options = options
    this.#journal = new Journal(options.client, options.runId, options.onEvent ?? (() => {}))
  }

  async run(): Promise<Run> {
    const { client, runId, signal } = this.#options
    const run = await client.request('runs.get', { runId })
    const photos = await loadPhotos(client, run, signal)
    this.#initial = await firstWeights(client, run)
    this.#margins = new MarginTrace(photos.photoIds.length)
    await this.#takeUp(run)
    if (!this.#last) await this.#tellWeights(run, photos)
    const state = await this.#savedThoughItFails(run, () => this.#withReplacements(run, photos))
    await this.#journal.flush()
    return client.request('runs.finish', { runId, state, summary: this.#summary, error: null })
  }

  /** A run that was stopped or cut off goes on from its last checkpoint. */
  async #takeUp(run: Run): Promise<void> {
    const started = (await this.#options.client.request('runs.events', { runId: run.id })).some(({ type }) => type === 'started')
    if (started) this.#last = await this.#saved(run, 'last')
    if (!this.#last) return
    this.#best = await this.#saved(run, 'best')
    this.#summary = { ...(run.summary ?? this.#summary), steps: this.#last.step }
    const margins = await ifThere(this.#options.client.getBytes('margins', { runId: run.id }))
    if (margins) this.#margins!.goOn(margins, run.summary?.epochs ?? 0)
    await this.#note('resumed', `Training goes on from step ${this.#last.step}.`)
  }

  async #saved(run: Run, kind: 'best' | 'last'): Promise<Snapshot | undefined> {
    const bytes = await ifThere(this.#options.client.getBytes('checkpoint', { runId: run.id, kind }))
    return bytes && decodeSnapshot(bytes)
  }

  async #tellWeights(run: Run, photos: RunPhotos): Promise<void> {
    if (this.#initial && run.settings.freeze !== undefined) await this.#note('frozen', frozenText(run))
    if (run.settings.classWeights !== 'balanced') return
    await this.#note('class-weights', weightsText(run, balancedWeights(photos, run.classes.length)))
  }

  /** Where the work fails, what there is to go on from and what was told are still written down, as far as that goes: told is why it failed. */
  async #savedThoughItFails<T>(run: Run, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      await this.#saveLast(run).catch(() => {})
      await this.#journal.flush().catch(() => {})
      throw error
    }
  }

  /** Trains and predicts on one device, whose compiled kernels serve both; on another one when it is lost. */
  #withReplacements(run: Run, photos: RunPhotos): Promise<RunState> {
    const work = async (device: Device) => {
      const state = await this.#trainOn(device, run, photos)
      await this.#predictOn(device, run, photos)
      return state
    }
    return onReplacedDevice(this.#options.openDevice, work, ({ message }) =>
      this.#journal.add({ type: 'note', code: 'device-lost', warning: true, step: this.#summary.steps, message: `${message} Training goes on from epoch ${this.#summary.epochs} on a new device.` }))
  }

  async #trainOn(device: Device, run: Run, photos: RunPhotos): Promise<RunState> {
    const { signal, gate } = this.#options
    this.#summary = { ...this.#summary, adapter: device.info.name }
    this.#margins!.goBackTo(this.#last?.step ?? 0)
    this.#bestScore = this.#bestKept() // an evaluation after it is told again
    let state: RunState = 'done'
    for await (const event of train(trainingOptions(run, photos, device, { from: this.#last, initial: this.#initial }), signal)) {
      await this.#handle(event, run, device)
      if (event.type === 'ended') state = event.state
      await gate?.()
    }
    return state
  }

  /** The best weights may have been written down after the last ones to go on from. */
  #bestKept(): Score | undefined {
    const [best, known] = [this.#best?.progress.best, this.#last?.progress.best ?? undefined]
    return best && isBetter(best, known) ? best : known
  }

  async #handle(event: TrainEvent, run: Run, device: Device): Promise<void> {
    if (event.type === 'checkpoint') await this.#keep(event, run)
    if (event.type === 'ended') await this.#saveLast(run)
    if (event.type === 'margins') this.#margins!.add(event)
    this.#summarise(event)
    const shown = toRunEvent(event, device)
    if (shown) await this.#journal.add(shown)
  }

  async #keep(event: CheckpointEvent, run: Run): Promise<void> {
    if (event.kind === 'best') return this.#keepBest(event, run)
    this.#last = event.snapshot
    this.#unsaved = event
    this.#margins!.goBackTo(event.snapshot.step)
    this.#margins!.settle(event.goodStep)
    if (this.#pace.isDue) await this.#saveLast(run)
  }

  async #keepBest(event: CheckpointEvent, run: Run): Promise<void> {
    // After a lost device core starts counting anew; only a real improvement replaces what is kept.
    if (this.#best && this.#latestScore !== this.#bestScore) return
    await this.#write(event, run)
    this.#best = event.snapshot
  }

  /** With it what the margins have come to, so that both go on from the same step. */
  async #saveLast(run: Run): Promise<void> {
    const event = this.#unsaved
    if (!event) return
    await this.#pace.timed(async () => {
      this.#margins!.goBackTo(event.snapshot.step)
      await this.#write(event, run)
      await this.#options.client.putBytes('margins', { runId: run.id }, this.#margins!.bytes())
    })
    this.#unsaved = undefined
  }

  async #write({ snapshot, step, epoch, kind }: CheckpointEvent, run: Run): Promise<void> {
    await this.#options.client.putBytes('checkpoint', { runId: run.id, kind }, checkpointBytes(snapshot, epoch, run.settings, kind))
    await this.#journal.add({ type: 'checkpoint', step, epoch, kind })
  }

  #summarise(event: TrainEvent): void {
    if (event.type === 'step') this.#summary = { ...this.#summary, steps: event.step, trainLoss: event.loss }
    if (event.type === 'ended') this.#summary = { ...this.#summary, epochs: event.epoch, steps: event.step, seconds: this.#summary.seconds + event.seconds }
    if (event.type !== 'evaluated') return
    this.#summary = { ...this.#summary, epochs: event.epoch }
    this.#latestScore = event
    if (isBetter(event, this.#bestScore)) this.#bestScore = event
  }

  /** What the best weights say of every photo of the run. */
  async #predictOn(device: Device, run: Run, photos: RunPhotos): Promise<void> {
    const snapshot = this.#best ?? this.#last
    if (!snapshot) return
    const rows = Uint32Array.from(photos.photoIds, (_, row) => row)
    const { probabilities, features } = await predictWithFeatures(device, snapshot.model, usableWeights(snapshot), photos.set, rows)
    await this.#options.client.putBytes('predictions', { runId: run.id }, new Uint8Array(probabilities.buffer))
    if (features.length > 0) await this.#options.client.putBytes('embeddings', { runId: run.id }, new Uint8Array(features.buffer))
    const test = scoreOf(probabilities, photos, photos.test, run.classes.length)
    const validation = scoreOf(probabilities, photos, photos.validation, run.classes.length)
    this.#summary = { ...this.#summary, testAccuracy: test?.accuracy ?? null, validationAccuracy: validation?.accuracy ?? null, validationLoss: validation?.loss ?? null }
  }

  async #note(code: string, message: string): Promise<void> {
    await this.#journal.add({ type: 'note', code, message, step: this.#summary.steps })
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

function scoreOf(probabilities: Float32Array, photos: RunPhotos, rows: Uint32Array, classes: number) {
  if (rows.length === 0) return undefined
  const picked = new Float32Array(rows.length * classes)
  rows.forEach((row, i) => picked.set(probabilities.subarray(row * classes, (row + 1) * classes), i * classes))
  return score(picked, Array.from(rows, row => photos.set.labels[row]!))
}

/** Core's events as the contract's: plain lists, and the snapshot stays behind. */
function toRunEvent(event: TrainEvent, device: Device): RunEvent | undefined {
  switch (event.type) {
    case 'started': {
      const { parameters, stepsPerEpoch, epochs, steps, batch } = event
      return { type: 'started', adapter: device.info.name, software: device.info.software, parameters, stepsPerEpoch, epochs, steps, batch, at: new Date().toISOString() }
    }
    case 'evaluated': return { ...event, split: 'validation' }
    case 'predictions': {
      const { step, epoch, rows, classes, confidences } = event
      return { type: 'predictions', step, epoch, rows: [...rows], classes: [...classes], confidences: [...confidences] }
    }
    case 'checkpoint': // told where it is written down
    case 'margins': return undefined
    default: return event
  }
}

