// A training on its device, epoch by epoch: its steps with their reports, its predictions and its snapshots. Losses are
// read while the next submit already runs, so no step waits for them.

import type { StepValues } from '../kernels/step.ts'
import { StepPlan } from './steps/step-plan.ts'
import type { MarginsEvent, NoteEvent, StartedEvent, StepEvent, TrainEvent } from './events.ts'
import { diverged, LossMonitor, meanOf } from './losses.ts'
import { SubmitPacing } from './steps/submit-pacing.ts'
import { choosePrecision } from './steps/precision.ts'
import type { Settings } from './settings.ts'
import { setUp, type Setup } from './setup.ts'
import type { Progress, Snapshot } from './snapshot.ts'
import { StepRunner } from './steps/step-runner.ts'
import { runTrial } from './steps/trial.ts'

/** Watched predictions are refreshed this often while an epoch runs, but take a tenth of the time at most. */
const watchMs = 1_000
const watchShare = 0.1

/** Ready to train: with the precision chosen, and the batch that fits. */
export async function createSession(settings: Settings, signal?: AbortSignal): Promise<TrainingSession> {
  const { precision, note } = await choosePrecision(settings, (tried, round) =>
    runTrial({ ...settings, precision: tried }, round, signal),
  )
  const chosen = { ...settings, precision }
  return new TrainingSession(chosen, await setUp(chosen), note ? [note] : [])
}

export class TrainingSession {
  readonly stepsPerEpoch: number
  /** Of the whole run. */
  readonly steps: number
  readonly started: StartedEvent
  /** What the run log should say from the start. */
  readonly notes: readonly NoteEvent[]
  step: number
  readonly #settings: Settings
  readonly #setup: Setup
  readonly #plan: StepPlan
  readonly #pacing: SubmitPacing
  readonly #runner: StepRunner
  readonly #losses = new LossMonitor()

  constructor(settings: Settings, setup: Setup, notes: readonly NoteEvent[]) {
    const { fitted } = setup
    this.#settings = settings
    this.#setup = setup
    this.#plan = new StepPlan(settings, fitted)
    this.step = settings.from?.step ?? 0
    this.#pacing = new SubmitPacing(performance.now(), this.step)
    this.#runner = new StepRunner(settings.device, fitted, this.#plan, this.#pacing)
    this.stepsPerEpoch = this.#plan.stepsPerEpoch
    this.steps = this.#plan.steps
    this.started = startedEvent(setup, this.#plan)
    this.notes = [...setup.notes, ...notes]
  }

  /** Whole epochs done. */
  get epoch(): number {
    return this.#plan.epochOf(this.step)
  }

  get isDone(): boolean {
    return this.step >= this.steps
  }

  /** Whether the loss stands far above its usual level now. */
  get isLossHigh(): boolean {
    return this.#losses.isHigh
  }

  /** [rows, classes]; undefined when the signal was aborted before all were asked. Throws CoreError 'diverged' where
   *  one is not a number: weights that are numbers may be too large to compute with. */
  async probabilities(
    rows: Uint32Array<ArrayBuffer>,
    signal?: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer> | undefined> {
    const began = performance.now()
    const found = await this.#setup.weights.probabilities(rows, this.step, signal)
    this.#pacing.skip(performance.now() - began)
    if (found && !found.every(Number.isFinite))
      throw diverged(`The net's answers are not numbers after step ${this.step}.`)
    return found
  }

  /** Whoever takes the events has kept one since `since`, and with it the training. */
  heldSince(since: number): void {
    this.#pacing.held(since, performance.now())
  }

  /** Margins of the epoch in `order`, which has just ended or was stopped, for the photos this session showed of it. */
  async margins(order: Uint32Array<ArrayBuffer>): Promise<MarginsEvent> {
    const { batchSize: batch, stepsPerEpoch } = this.#plan
    const began = this.step - (this.step % stepsPerEpoch || stepsPerEpoch)
    const first = Math.max(0, (this.#settings.from?.step ?? 0) - began) * batch
    const rows = order.subarray(first, (this.step - began) * batch)
    return {
      type: 'margins',
      step: this.step,
      epoch: this.epoch,
      rows,
      margins: await this.#setup.fitted.store.read('margins', first, rows.length),
    }
  }

  snapshot(best: Progress['best'], unmeasured = false): Promise<Snapshot> {
    const { rateFactor, momentsFrom } = this.#plan
    return this.#setup.weights.snapshot(this.step, { rateFactor, momentsFrom, best, unmeasured })
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
    this.#setup.weights.restore(snapshot)
    this.step = snapshot.step
    this.#plan.rateFactor /= 2
    this.#losses.startAfresh()
    return { ...snapshot, progress: { ...snapshot.progress, rateFactor: this.#plan.rateFactor } }
  }

  /** The steps of this epoch that are left. Throws CoreError 'diverged' when a loss is not a number or stays high. */
  async *trainEpoch(
    order: Uint32Array<ArrayBuffer>,
    signal: AbortSignal | undefined,
    watched: () => Promise<TrainEvent>,
  ): AsyncGenerator<TrainEvent> {
    const { loader, store } = this.#setup.fitted
    const end = this.#plan.endOfEpoch(this.step)
    loader.setOrder(store, 'train', order)
    let pending: Promise<StepEvent> | undefined
    let watchAt = performance.now() + watchMs
    while (this.step < end && !signal?.aborted) {
      const before = pending
      pending = this.#submit(order, end)
      if (before) yield await before
      yield* this.#losses.told()
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

  /** Submits the next few steps; the promise is their report, read behind them. */
  #submit(order: Uint32Array<ArrayBuffer>, end: number): Promise<StepEvent> {
    const first = this.step
    const next = first + this.#runner.sharingOneSubmit(first, end)
    this.#runner.run(order, first, next)
    const report = this.#report(first, this.#plan.valuesOf(next - 1))
    this.step = next
    report.catch(() => {}) // awaited a submit later; until then a failure must not count as unhandled
    return report
  }

  async #report(first: number, last: StepValues): Promise<StepEvent> {
    const { store, parts } = this.#setup.fitted
    const ring = await store.read('metrics')
    const now = performance.now()
    this.#pacing.mark(now, last.step + 1)
    const { loss, accuracy } = meanOf(ring, first * parts, (last.step + 1) * parts)
    this.#losses.add(loss, first, last.step)
    const stepsLeft = this.steps - last.step - 1
    return {
      type: 'step',
      step: last.step + 1,
      epoch: last.epoch,
      loss,
      accuracy,
      rate: last.rate,
      stepsPerSecond: this.#pacing.stepsPerSecond,
      secondsLeft: this.#pacing.secondsLeft(now, stepsLeft),
    }
  }

  dispose(): void {
    this.#setup.dispose()
  }
}

function startedEvent(
  {
    fitted: {
      store,
      step: { calls, bytes },
    },
  }: Setup,
  { stepsPerEpoch, epochs, steps, batchSize: batch }: StepPlan,
): StartedEvent {
  const parameters = [...store.names()]
    .filter(([name]) => /\.(weight|bias)$/.test(name))
    .reduce((sum, [, { size }]) => sum + size, 0)
  return { type: 'started', parameters, stepsPerEpoch, epochs, steps, batch, callsPerStep: calls, memoryBytes: bytes }
}
