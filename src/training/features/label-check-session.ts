// The label check before any training as a page keeps it: features of the photos that lack them first, then the check, again
// after every few decisions. Heads and features stay in memory between two checks.

import type { Client } from '../../contract/table.ts'
import type { Device } from '../../core/index.ts'
import type { Backbone } from './backbone.ts'
import { computeFeatures } from './compute-features.ts'
import { LabelChecker, type LabelCheckResult } from './label-check.ts'

export interface LabelCheckProgress {
  readonly stage: 'features' | 'labels'
  readonly done: number
  readonly total: number
}

export interface LabelCheckSessionOptions {
  readonly client: Client
  readonly backbone: Backbone
  readonly openDevice: () => Promise<Device>
}

export interface LabelCheckCall {
  readonly signal: AbortSignal
  /** Awaited between batches of photos: a promise that waits is a pause. */
  readonly gate: () => Promise<void>
  readonly onProgress: (progress: LabelCheckProgress) => void
}

export class LabelCheckSession {
  readonly #options: LabelCheckSessionOptions
  #checker: LabelChecker | undefined

  constructor(options: LabelCheckSessionOptions) {
    this.#options = options
  }

  /** ServiceErrors of `computeFeatures` and of 'labelCheck.begin'. */
  async check({ signal, gate, onProgress }: LabelCheckCall): Promise<LabelCheckResult> {
    const { client, backbone, openDevice } = this.#options
    const { kind } = await computeFeatures({
      client,
      backbone,
      size: backbone.size,
      openDevice,
      signal,
      gate,
      onProgress: (done, total) => onProgress({ stage: 'features', done, total }),
    })
    onProgress({ stage: 'labels', done: 0, total: 1 })
    this.#checker ??= new LabelChecker({ client, kind, openDevice })
    return this.#checker.check(signal)
  }

  close(): void {
    this.#checker?.close()
    this.#checker = undefined
  }
}
