// The device side of a training: the step's plan, the evaluator and the store they share, and where the run stands.
// Losses are read while the next submit already runs, so nothing waits inside a step.

import { CoreError } from '../error.ts'
import { maxTurnsPerSubmit, type Turn } from '../gpu/device.ts'
import type { StepValues } from '../gpu/step.ts'
import { transferText, transferWeights } from '../nn/transfer.ts'
import { metricsRing } from '../ops/cross-entropy.ts'
import { factorAt } from '../optim/schedule.ts'
import type { MarginsEvent, NoteEvent, StartedEvent, StepEvent, TrainEvent } from './events.ts'
import { fitBatch, splitNote, type Fitted } from './fit.ts'
import { Pace } from './pace.ts'
import { choosePrecision, type Trial } from './precision.ts'
import { shuffled, type Settings } from './settings.ts'
import { SpikeWatch } from './spike.ts'
import type { Progress, Snapshot } from './snapshot.ts'
import { createWeights, type Weights } from './weights.ts'

/** Watched predictions are refreshed this often while an epoch runs, but take a tenth of the time at most. */
const watchMs = 1_000
const watchShare = 0.1
/** Of a trial: steps that warm the device up, rounds that are timed, and how long a round may be. */
const warmUpSteps = 2
const trialRounds = 3
const longestRound = 4
const roundMs = 200

/** Ready to train: with the precision chosen, and the batch that fits. */
export async function createSession(settings: Settings, signal?: AbortSignal): Promise<Session> {
  const trial = async (precision: 'f32' | 'f16', round?: number) => {
    const session = await openSession({ ...settings, precision }, [])
    try {
      return await session.trial(round, signal)
    } finally {
      session.dispose()
    }
  }
  const { precision, note } = await choosePrecision(settings, trial)
  return openSession({ ...settings, precision }, note ? [note] : [])
}

async function openSession(settings: Settings, notes: readonly NoteEvent[]): Promise<Session> {
  const fitted = await fitBatch(settings)
  let weights: Weights | undefined
  try {
    weights = await createWeights(settings.device, fitted.store, settings)
    return new Session(settings, fitted, weights, [...await begin(settings, fitted, weights), ...notes])
  } catch (error) {
    weights?.dispose()
    fitted.step.dispose()
    fitted.store.dispose()
    throw error
  }
}

/** Puts the first weights where they belong; answers what the run log should say of it. */
async function begin(settings: Settings, fitted: Fitted, weights: Weights): Promise<NoteEvent[]> {
  const { model, initial, from } = settings
  const notes = fitted.parts > 1 ? [splitNote(fitted, settings)] : []
  if (from) weights.restore(from)
  else if (initial) notes.push({ type: 'note', code: 'weights-taken', step: 0, message: transferText(await transferWeights(fitted.store, model, initial)) })
  return notes
}

export class Session {
  readonly stepsPerEpoch: number
  /** Of the whole run. */
  readonly steps: number
  readonly started: StartedEvent
  /** What the run log should say from the start. */
  readonly notes: readonly NoteEvent[]
  step: number
  #rateFactor: number
  /** The step before which the optimizer's moments were zero: its own count of steps begins there. */
  readonly #momentsFrom: number
  #turns: Turn[] = []
  #watch = new SpikeWatch()
  readonly #untold: NoteEvent[] = []
  readonly #settings: Settings
  readonly #fitted: Fitted
  readonly #weights: Weights
  readonly #pace: Pace

  constructor(settings: Settings, fitted: Fitted, weights: Weights, notes: readonly NoteEvent[]) {
    this.#settings = settings
    this.#fitted = fitted
    this.#weights = weights
    this.step = settings.from?.step ?? 0
    this.#rateFactor = settings.from?.progress.rateFactor ?? 1
    this.#momentsFrom = momentsFrom(settings)
    const batch = fitted.part * fitted.parts
    this.stepsPerEpoch = Math.max(1, Math.floor(settings.trainRows.length / batch))
    this.steps = settings.steps ?? settings.epochs * this.stepsPerEpoch
    this.#pace = new Pace(performance.now(), this.step)
    const { store, step: { calls, bytes } } = fitted
    const parameters = [...store.names()].filter(([name]) => /\.(weight|bias)$/.test(name)).reduce((sum, [, { size }]) => sum + size, 0)
    const epochs = Math.ceil(this.steps / this.stepsPerEpoch)
    this.started = { type: 'started', parameters, stepsPerEpoch: this.stepsPerEpoch, epochs, steps: this.steps, batch, callsPerStep: calls, memoryBytes: bytes }
    this.notes = notes
  }

  /** Whole epochs done. */
  get epoch(): number {
    return Math.floor(this.step / this.stepsPerEpoch)
  }

  get isDone(): boolean {
    return this.step >= this.steps
  }

  /** Whether the loss stands far above its usual level now. */
  get isLossHigh(): boolean {
    return this.#watch.isHigh
  }

  /** [rows, classes]; undefined when the signal was aborted before all were asked. Throws CoreError 'diverged' where one is not a number: weights
   *  that are numbers may be too large to compute with. */
  async probabilities(rows: Uint32Array<ArrayBuffer>, signal?: AbortSignal): Promise<Float32Array<ArrayBuffer> | undefined> {
    const began = performance.now()
    const found = await this.#weights.probabilities(rows, this.step, signal)
    this.#pace.skip(performance.now() - began)
    if (found && !found.every(Number.isFinite)) throw diverged(`The net's answers are not numbers after step ${this.step}.`)
    return found
  }

  /** Whoever takes the events has kept one since `since`, and with it the training. */
  heldSince(since: number): void {
    this.#pace.held(since, performance.now())
  }

  /** Margins of the epoch in `order`, which has just ended or was stopped, for the photos this session showed of it. */
  async margins(order: Uint32Array<ArrayBuffer>): Promise<MarginsEvent> {
    const { store, part, parts } = this.#fitted
    const began = this.step - (this.step % this.stepsPerEpoch || this.stepsPerEpoch)
    const first = Math.max(0, (this.#settings.from?.step ?? 0) - began) * part * parts
    const rows = order.subarray(first, (this.step - began) * part * parts)
    return { type: 'margins', step: this.step, epoch: this.epoch, rows, margins: await store.read('margins', first, rows.length) }
  }

  snapshot(best: Progress['best'], unmeasured = false): Promise<Snapshot> {
    return this.#weights.snapshot(this.step, { rateFactor: this.#rateFactor, momentsFrom: this.#momentsFrom, best, unmeasured })
  }

  /** Throws CoreError 'diverged' where a weight is not a number: the last update of an epoch shows in no loss of it. */
  async soundSnapshot(best: Progress['best']): Promise<Snapshot> {
    const snapshot = await this.snapshot(best)
    for (const [name, { data }] of snapshot.state) {
      if (!data.every(Number.isFinite)) throw diverged(`${name} holds what is not a number after step ${this.step}.`)
    }
    return snapshot
  }

  /** Back to `snapshot` at half the rate; answers it with that rate, to be kept. */
  rollBack(snapshot: Snapshot): Snapshot {
    this.#weights.restore(snapshot)
    this.step = snapshot.step
    this.#rateFactor /= 2
    this.#watch = new SpikeWatch()
    return { ...snapshot, progress: { ...snapshot.progress, rateFactor: this.#rateFactor } }
  }

  /** The steps of this epoch that are left. Throws CoreError 'diverged' when a loss is not a number or stays high. */
  async *trainEpoch(order: Uint32Array<ArrayBuffer>, signal: AbortSignal | undefined, watched: () => Promise<TrainEvent>): AsyncGenerator<TrainEvent> {
    const { feed, store } = this.#fitted
    const end = Math.min(this.steps, (this.epoch + 1) * this.stepsPerEpoch)
    feed.setOrder(store, 'train', order)
    let pending: Promise<StepEvent> | undefined
    let watchAt = performance.now() + watchMs
    while (this.step < end && !signal?.aborted) {
      const before = pending
      pending = this.#submit(order, end)
      if (before) yield await before
      yield* this.#told()
      if (this.#settings.watchedRows.length > 0 && performance.now() > watchAt) {
        yield await pending
        pending = undefined
        const began = performance.now()
        yield await watched()
        watchAt = performance.now() + Math.max(watchMs, (performance.now() - began) / watchShare)
      }
    }
    if (pending) yield await pending
  }

  /** A few steps from the start on, timed; the session is of no other use after it. Fewer where the signal is aborted. */
  async trial(round?: number, signal?: AbortSignal): Promise<Trial> {
    const { feed, store, parts } = this.#fitted
    const order = shuffled(this.#settings, 0)
    feed.setOrder(store, 'train', order)
    let warmMs = 0
    for (let i = 0; i < warmUpSteps; i++) warmMs = await this.#timed(order, 1)
    const length = round ?? Math.max(1, Math.min(longestRound, Math.round(roundMs / warmMs)))
    let shortest = Infinity
    for (let i = 0; i < trialRounds && !signal?.aborted; i++) shortest = Math.min(shortest, await this.#timed(order, length))
    const ring = await store.read('metrics')
    const losses = Array.from({ length: this.step }, (_, step) => meanOf(ring, step * parts, (step + 1) * parts).loss)
    return { losses, milliseconds: shortest / length, round: length }
  }

  /** Milliseconds of the next `count` steps. */
  async #timed(order: Uint32Array<ArrayBuffer>, count: number): Promise<number> {
    const began = performance.now()
    for (const end = this.step + count; this.step < end; this.step++) this.#enqueue(order, this.step)
    this.#flush()
    await this.#settings.device.finished()
    const now = performance.now()
    this.#pace.mark(now, this.step)
    return now - began
  }

  /** Submits the next few steps; the promise is their report, read behind them. */
  #submit(order: Uint32Array<ArrayBuffer>, end: number): Promise<StepEvent> {
    const count = this.#stepsThatMayShareASubmit(end)
    for (let step = this.step; step < this.step + count; step++) this.#enqueue(order, step)
    this.#flush()
    const report = this.#report(this.step, this.#stepValues(this.step + count - 1))
    this.step += count
    report.catch(() => {}) // awaited a submit later; until then a failure must not count as unhandled
    return report
  }

  /** A streamed set uploads the photos of every part before it runs, so there each part is a submit of its own. */
  #stepsThatMayShareASubmit(end: number): number {
    const { feed, parts } = this.#fitted
    const room = Math.max(1, Math.floor(maxTurnsPerSubmit / (parts + 1)))
    return feed.resident ? Math.min(this.#pace.stepsPerSubmit, end - this.step, parts === 1 ? maxTurnsPerSubmit : room) : 1
  }

  #enqueue(order: Uint32Array<ArrayBuffer>, step: number): void {
    const { feed, store, step: compiled, parts } = this.#fitted
    const values = this.#stepValues(step)
    compiled.turns(values, p => this.#partValues(values, p)).forEach((turn, p) => {
      if (!feed.resident && p < parts) {
        this.#flush()
        feed.beforeStep(store, 'train', order, turn.step.batchStart, turn.step.batchCount)
      }
      this.#turns.push(turn)
    })
  }

  /** A step of very many parts is more than one submit may hold. */
  #flush(): void {
    const { device } = this.#settings
    while (this.#turns.length > 0) device.run(this.#turns.splice(0, maxTurnsPerSubmit), this.#pace.submitsPerStep(device.info))
  }

  #stepValues(step: number): StepValues {
    const { seed, rate, schedule, optimizer } = this.#settings
    const { part, parts } = this.#fitted
    const [beta1, beta2] = optimizer.betas
    const updates = step - this.#momentsFrom + 1
    return {
      seed, step, epoch: Math.floor(step / this.stepsPerEpoch), batchStart: (step % this.stepsPerEpoch) * part * parts, batchCount: part,
      rate: rate * this.#rateFactor * factorAt(schedule, step, this.steps),
      correction1: 1 - beta1 ** updates, correction2: 1 - beta2 ** updates,
    }
  }

  /** The values of part p of a step: its own photos and its own random numbers. */
  #partValues(values: StepValues, p: number): StepValues {
    const { part, parts } = this.#fitted
    return { ...values, step: values.step * parts + p, batchStart: values.batchStart + p * part }
  }

  async #report(first: number, last: StepValues): Promise<StepEvent> {
    const ring = await this.#fitted.store.read('metrics')
    const now = performance.now()
    this.#pace.mark(now, last.step + 1)
    const { loss, accuracy } = meanOf(ring, first * this.#fitted.parts, (last.step + 1) * this.#fitted.parts)
    if (!Number.isFinite(loss)) throw diverged(`The loss is not a number at step ${last.step}.`)
    this.#watchLoss(loss, first, last.step)
    const stepsLeft = this.steps - last.step - 1
    return {
      type: 'step', step: last.step + 1, epoch: last.epoch, loss, accuracy, rate: last.rate,
      stepsPerSecond: this.#pace.stepsPerSecond, secondsLeft: this.#pace.secondsLeft(now, stepsLeft),
    }
  }

  #watchLoss(loss: number, first: number, last: number): void {
    const state = this.#watch.add(loss, last - first + 1)
    if (state === 'lost') throw diverged(`The loss has been far above its usual level for 200 steps at step ${last}.`)
    if (state === 'spike') this.#untold.push({ type: 'note', code: 'loss-spike', warning: true, step: last, message: `The loss has been far above its usual level for 20 steps at step ${last}.` })
  }

  #told(): NoteEvent[] {
    return this.#untold.splice(0)
  }

  dispose(): void {
    this.#fitted.step.dispose()
    this.#weights.dispose()
    this.#fitted.store.dispose()
  }
}

/** Without moments the optimizer starts afresh (snapshot.ts), as PyTorch's would. */
function momentsFrom({ from, optimizer }: Settings): number {
  if (!from) return 0
  return optimizer.moments.some(name => from.moments.has(name)) ? from.progress.momentsFrom : from.step
}

function diverged(message: string): CoreError {
  return new CoreError('diverged', message, 'Lower the learning rate.')
}

/** Mean loss and accuracy of the entries first .. end - 1 of the ring of metrics. */
function meanOf(ring: Float32Array, first: number, end: number): { readonly loss: number; readonly accuracy: number } {
  let [loss, accuracy] = [0, 0]
  for (let entry = first; entry < end; entry++) {
    loss += ring[(entry % metricsRing) * 4]! / (end - first)
    accuracy += ring[(entry % metricsRing) * 4 + 1]! / (end - first)
  }
  return { loss, accuracy }
}
