// The weights of a run for use: predictions and snapshots. Where the optimizer averages weights, the averages are
// exchanged with the live weights for the time of a prediction or a snapshot.

import type { Device } from '../device.ts'
import { zeroStep } from '../kernels/step.ts'
import type { StateDict } from '../nn/description.ts'
import { readStateDict } from '../nn/state-dict.ts'
import { lossScaleState } from '../ops/loss-scale.ts'
import { averagedStatistics, compileExchange } from '../optim/ema.ts'
import type { Plan } from '../tensor/plan.ts'
import type { Store } from '../tensor/store.ts'
import { createEvaluator, type Evaluator } from './evaluation/evaluator.ts'
import type { Settings } from './settings.ts'
import { restoreSnapshot, takeSnapshot, type Progress, type Snapshot } from './snapshot.ts'

export async function createWeights(device: Device, store: Store, settings: Settings): Promise<RunWeights> {
  const evaluator = await createEvaluator(device, store, settings.model, settings.photos, {
    streamed: !store.has('data.images'),
    ...(settings.validationRows.length > 0 && { rows: settings.validationRows.length }),
  })
  try {
    return new RunWeights(
      store,
      settings,
      evaluator,
      settings.optimizer.averages ? await compileExchange(device, store) : undefined,
    )
  } catch (error) {
    evaluator.dispose()
    throw error
  }
}

export class RunWeights {
  readonly #store: Store
  readonly #settings: Pick<Settings, 'model' | 'optimizer'>
  readonly #evaluator: Evaluator
  readonly #exchange: Plan | undefined

  constructor(
    store: Store,
    settings: Pick<Settings, 'model' | 'optimizer'>,
    evaluator: Evaluator,
    exchange: Plan | undefined,
  ) {
    this.#store = store
    this.#settings = settings
    this.#evaluator = evaluator
    this.#exchange = exchange
  }

  /** [rows, classes]; undefined when the signal was aborted before all were asked. */
  probabilities(
    rows: Uint32Array<ArrayBuffer>,
    step: number,
    signal?: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer> | undefined> {
    return this.#averaged(step, () => this.#evaluator.probabilities(rows, signal))
  }

  async snapshot(step: number, progress: Progress): Promise<Snapshot> {
    const { model } = this.#settings
    const snapshot = await takeSnapshot(this.#store, model, this.#moments(), step, progress)
    if (!this.#exchange) return snapshot
    const average: StateDict =
      step === 0 ? snapshot.state : await this.#averaged(step, () => readStateDict(this.#store, model))
    return { ...snapshot, average }
  }

  restore(snapshot: Snapshot): void {
    restoreSnapshot(this.#store, this.#settings.model, snapshot, this.#moments())
  }

  #moments(): string[] {
    return [
      ...this.#settings.optimizer.moments,
      ...averagedStatistics(this.#store),
      ...(this.#store.has(lossScaleState) ? [lossScaleState] : []),
    ]
  }

  /** Before the first step there is no average yet. */
  async #averaged<T>(step: number, work: () => Promise<T>): Promise<T> {
    if (!this.#exchange || step === 0) return work()
    this.#exchange.run(zeroStep)
    try {
      return await work()
    } finally {
      this.#exchange.run(zeroStep)
    }
  }

  dispose(): void {
    this.#exchange?.dispose()
    this.#evaluator.dispose()
  }
}
