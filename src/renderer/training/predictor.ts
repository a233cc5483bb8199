// Answers single photos, one after the other, by the weights of a run. The net of the run asked last stays ready on its
// device, so that the next photo costs milliseconds; a device that was lost is replaced once.

import { CoreError } from '../../core/index.ts'
import type { Device } from '../../core/index.ts'
import { ServiceError } from '../../contract/errors.ts'
import type { Client } from '../../contract/table.ts'
import { openPredictor } from '../../training/predictor.ts'
import type { PhotoPrediction, Predictor } from '../../training/predictor.ts'
import type { AskedPhoto } from './messages.ts'

export interface RunPredictorOptions {
  readonly client: () => Client
  readonly openDevice: () => Promise<Device>
}

export class RunPredictor {
  readonly #options: RunPredictorOptions
  #ready: { readonly runId: number; readonly predictor: Predictor } | null = null
  #rows: { readonly runId: number; readonly photoIds: readonly number[] } | null = null
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: RunPredictorOptions) {
    this.#options = options
  }

  /** ServiceError 'not-in-run' and those of the bytes, CoreErrors of the net and device. */
  answer(runId: number, photo: AskedPhoto, label?: number): Promise<PhotoPrediction> {
    const result = this.#turn.then(() => this.#answer(runId, photo, label))
    this.#turn = result.catch(() => undefined)
    return result
  }

  /** Lets go of the net and its device until the next photo. */
  close(): void {
    this.#turn = this.#turn.then(() => this.#forget())
  }

  async #answer(runId: number, photo: AskedPhoto, label?: number): Promise<PhotoPrediction> {
    const pixels = await this.#pixelsOf(runId, photo)
    try {
      return await (await this.#predictorOf(runId)).predict(pixels, label)
    } catch (error) {
      this.#forget()
      if (!(error instanceof CoreError && error.code === 'device-lost')) throw error
      return (await this.#predictorOf(runId)).predict(pixels, label)
    }
  }

  async #predictorOf(runId: number): Promise<Predictor> {
    if (this.#ready?.runId === runId) return this.#ready.predictor
    this.#forget()
    const predictor = await openPredictor({
      client: this.#options.client(),
      runId,
      openDevice: this.#options.openDevice,
    })
    this.#ready = { runId, predictor }
    return predictor
  }

  async #pixelsOf(runId: number, photo: AskedPhoto): Promise<Uint8Array<ArrayBuffer>> {
    const client = this.#options.client()
    if ('visitorId' in photo)
      return client.getBytes('visitorPixels', { visitorId: photo.visitorId, name: photo.name, runId })
    const row = (await this.#photosOf(runId)).indexOf(photo.photoId)
    if (row < 0)
      throw new ServiceError(
        'not-in-run',
        'This photo was not part of the run, so the run has no pixels of it.',
        'Train again, or choose another photo.',
      )
    // The pixels of a row are made anew where they are not kept any more.
    await client.request('runs.prepare', { runId })
    return client.getBytes('pixels', { runId, from: row, count: 1 })
  }

  async #photosOf(runId: number): Promise<readonly number[]> {
    if (this.#rows?.runId !== runId)
      this.#rows = { runId, photoIds: (await this.#options.client().request('runs.rows', { runId })).photoIds }
    return this.#rows.photoIds
  }

  #forget(): void {
    this.#ready?.predictor.close()
    this.#ready = null
  }
}
