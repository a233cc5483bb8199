// The device side of a training: the step's plan, the evaluator and the store they share, and where the run stands.
// Losses are read while the next submit already runs, so nothing waits inside a step.

import { Feed } from '../data/feed.ts'
import { CoreError } from '../error.ts'
import { maxStepsPerSubmit } from '../gpu/device.ts'
import type { StepValues } from '../gpu/step.ts'
import { metricsRing } from '../ops/cross-entropy.ts'
import { compile, type Plan } from '../tensor/plan.ts'
import { Store } from '../tensor/store.ts'
import { createEvaluator, type Evaluator } from './evaluator.ts'
import type { StartedEvent, StepEvent, TrainEvent } from './events.ts'
import { Pace } from './pace.ts'
import type { Settings } from './settings.ts'
import { restoreSnapshot, takeSnapshot, type Snapshot } from './snapshot.ts'
import { traceTrainingStep } from './step.ts'

/** Watched predictions are refreshed this often while an epoch runs. */
const watchMs = 1_000

export async function createSession(settings: Settings): Promise<Session> {
  const { device, model, photos } = settings
  const store = new Store(device, settings.seed)
  try {
    const feed = new Feed(photos, settings.batch, device)
    const plan = await compile(device, traceTrainingStep(settings, feed), store)
    const evaluationBatch = Math.max(settings.batch, Math.min(256, photos.labels.length))
    const evaluator = await createEvaluator(device, store, model, photos, evaluationBatch)
    if (settings.from) restoreSnapshot(store, model, settings.from)
    return new Session(settings, { store, feed, plan, evaluator })
  } catch (error) {
    store.dispose()
    throw error
  }
}

interface Parts {
  readonly store: Store
  readonly feed: Feed
  readonly plan: Plan
  readonly evaluator: Evaluator
}

export class Session {
  readonly stepsPerEpoch: number
  readonly started: StartedEvent
  step: number
  #rateFactor = 1
  readonly #settings: Settings
  readonly #parts: Parts
  readonly #pace: Pace

  constructor(settings: Settings, parts: Parts) {
    this.#settings = settings
    this.#parts = parts
    this.step = settings.from?.step ?? 0
    this.stepsPerEpoch = Math.max(1, Math.floor(settings.trainRows.length / settings.batch))
    this.#pace = new Pace(performance.now())
    const parameters = [...parts.store.names()].filter(([name]) => /\.(weight|bias)$/.test(name)).reduce((sum, [, { size }]) => sum + size, 0)
    const { calls, bytes } = parts.plan
    this.started = { type: 'started', parameters, stepsPerEpoch: this.stepsPerEpoch, epochs: settings.epochs, batch: settings.batch, callsPerStep: calls, memoryBytes: bytes }
  }

  /** Whole epochs done. */
  get epoch(): number {
    return Math.floor(this.step / this.stepsPerEpoch)
  }

  probabilities(rows: Uint32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    return this.#parts.evaluator.probabilities(rows)
  }

  snapshot(): Promise<Snapshot> {
    return takeSnapshot(this.#parts.store, this.#settings.model, this.#settings.optimizer.moments, this.step)
  }

  rollBack(snapshot: Snapshot): void {
    restoreSnapshot(this.#parts.store, this.#settings.model, snapshot)
    this.step = snapshot.step
    this.#rateFactor /= 2
  }

  /** The steps of this epoch that are left. Throws CoreError 'diverged' when a loss is not a number. */
  async *trainEpoch(order: Uint32Array<ArrayBuffer>, signal: AbortSignal | undefined, watched: () => Promise<TrainEvent>): AsyncGenerator<TrainEvent> {
    const { feed, store } = this.#parts
    const end = (this.epoch + 1) * this.stepsPerEpoch
    feed.setOrder(store, 'train', order)
    let pending: Promise<StepEvent> | undefined
    let watchedAt = performance.now()
    while (this.step < end && !signal?.aborted) {
      const before = pending
      pending = this.#submit(order, end)
      if (before) yield await before
      if (this.#settings.watchedRows.length > 0 && performance.now() - watchedAt > watchMs) {
        yield await pending
        pending = undefined
        yield await watched()
        watchedAt = performance.now()
      }
    }
    if (pending) yield await pending
  }

  /** Submits the next few steps; the promise is their report, read behind them. */
  #submit(order: Uint32Array<ArrayBuffer>, end: number): Promise<StepEvent> {
    const { feed, store, plan } = this.#parts
    const count = feed.resident ? Math.min(this.#pace.stepsPerSubmit, end - this.step, maxStepsPerSubmit) : 1
    const steps = Array.from({ length: count }, (_, i) => this.#stepValues(this.step + i))
    feed.beforeStep(store, 'train', order, steps[0]!.batchStart, steps[0]!.batchCount)
    plan.run(...steps)
    const first = this.step
    this.step += count
    const report = this.#report(first, steps.at(-1)!)
    report.catch(() => {}) // awaited a submit later; until then a failure must not count as unhandled
    return report
  }

  #stepValues(step: number): StepValues {
    const { seed, batch, rate, schedule, optimizer, epochs } = this.#settings
    const [beta1, beta2] = optimizer.betas
    return {
      seed, step, epoch: Math.floor(step / this.stepsPerEpoch), batchStart: (step % this.stepsPerEpoch) * batch, batchCount: batch,
      rate: rate * this.#rateFactor * schedule(step, epochs * this.stepsPerEpoch),
      correction1: 1 - beta1 ** (step + 1), correction2: 1 - beta2 ** (step + 1),
    }
  }

  async #report(first: number, last: StepValues): Promise<StepEvent> {
    const ring = await this.#parts.store.read('metrics')
    const now = performance.now()
    const count = last.step - first + 1
    this.#pace.mark(now, last.step + 1)
    let [loss, accuracy] = [0, 0]
    for (let step = first; step <= last.step; step++) {
      loss += ring[(step % metricsRing) * 4]! / count
      accuracy += ring[(step % metricsRing) * 4 + 1]! / count
    }
    if (!Number.isFinite(loss)) throw new CoreError('diverged', `The loss is not a number at step ${last.step}.`, 'Lower the learning rate.')
    const stepsLeft = this.#settings.epochs * this.stepsPerEpoch - last.step - 1
    return {
      type: 'step', step: last.step + 1, epoch: last.epoch, loss, accuracy, rate: last.rate,
      stepsPerSecond: this.#pace.stepsPerSecond, secondsLeft: this.#pace.secondsLeft(now, stepsLeft),
    }
  }

  dispose(): void {
    const { plan, evaluator, store } = this.#parts
    plan.dispose()
    evaluator.dispose()
    store.dispose()
  }
}
