// Cross-validation: every photo is judged by nets that have not seen it. Each fold's net trains afresh on the other
// folds for a fixed number of epochs (no choice by the held-out fold), is kept, and says what it thinks of every row;
// test photos are in no fold, so the nets together judge them as an ensemble. A fold that is done stays done, so the
// check can be taken up again; one whose device goes away goes on on another.

import type { Run } from '../contract/records.ts'
import type { Client } from '../contract/table.ts'
import { CoreError, predict, train, usableWeights, type Device, type Snapshot } from '../core/index.ts'
import { checkpointBytes } from './weights/checkpoints.ts'
import { loadPhotos, type RunPhotos } from './photos.ts'
import { loadInitialWeights } from './weights/initial-weights.ts'
import { trainingOptions } from './training-options.ts'
import { onReplacedDevice } from './replaced-device.ts'

export interface FoldProgress {
  readonly fold: number
  readonly folds: number
  /** Share of all the work that is done, 0 to 1. */
  readonly done: number
  readonly secondsLeft: number | null
}

export interface TrainFoldsOptions {
  readonly client: Client
  /** Whose rows, labels and settings are used. */
  readonly runId: number
  readonly folds: number
  readonly seed: number
  readonly openDevice: () => Promise<Device>
  /** Stops within a submit; folds that are done are kept. */
  readonly signal?: AbortSignal
  /** Awaited between events: a promise that waits is a pause. */
  readonly gate?: () => Promise<void>
  readonly onProgress?: (progress: FoldProgress) => void
}

/** Resolves true when every fold has its predictions, false when it was stopped before. */
export async function trainFolds(options: TrainFoldsOptions): Promise<boolean> {
  const { client, runId, folds, seed, signal } = options
  const run = await client.request('runs.get', { runId })
  const photos = await loadPhotos(client, run, signal)
  const { foldOf, done } = await client.request('runs.folds', { runId, folds, seed })
  for (let fold = 0; fold < folds; fold++) {
    if (done.includes(fold)) continue
    if (!(await trainFold(options, run, photos, foldOf, fold))) return false
  }
  return true
}

async function trainFold(
  options: TrainFoldsOptions,
  run: Run,
  photos: RunPhotos,
  foldOf: readonly number[],
  fold: number,
): Promise<boolean> {
  const rows = Uint32Array.from(foldOf.keys())
  const others = {
    ...photos,
    train: rows.filter(row => foldOf[row]! >= 0 && foldOf[row] !== fold),
    validation: new Uint32Array(),
  }
  const kept: LastSnapshot = { last: undefined }
  return onReplacedDevice(
    options.openDevice,
    async device => {
      const snapshot = await learn(options, device, run, others, fold, kept)
      if (!snapshot) return false
      const probabilities = await predict(device, snapshot.model, usableWeights(snapshot), photos.set, rows)
      await options.client.putBytes(
        'foldCheckpoint',
        { runId: run.id, fold },
        checkpointBytes(snapshot, run.settings.epochs, run.settings, 'best'),
      )
      await options.client.putBytes('foldPredictions', { runId: run.id, fold }, new Uint8Array(probabilities.buffer))
      return true
    },
    () => {},
  )
}

/** What a fold has come to, which outlives its device. */
interface LastSnapshot {
  last: Snapshot | undefined
}

/** The weights at the end of the fold's training; undefined when it was stopped. */
async function learn(
  { client, folds, seed, signal, gate, onProgress }: TrainFoldsOptions,
  device: Device,
  run: Run,
  photos: RunPhotos,
  fold: number,
  kept: LastSnapshot,
): Promise<Snapshot | undefined> {
  const initial = run.settings.fromFile === undefined ? undefined : await loadInitialWeights(client, run) // a run's weights may have seen what is held out
  const training = train(
    { ...trainingOptions(run, photos, device, { from: kept.last, initial }), seed: (seed + fold) % 2 ** 32 },
    signal,
  )
  let steps = 1
  for await (const event of training) {
    if (event.type === 'started') steps = event.steps
    if (event.type === 'checkpoint') kept.last = event.snapshot
    if (event.type === 'step') {
      const secondsLeft =
        event.secondsLeft === null ? null : event.secondsLeft + ((folds - fold - 1) * steps) / event.stepsPerSecond
      onProgress?.({ fold, folds, done: (fold + event.step / steps) / folds, secondsLeft })
    }
    if (event.type === 'ended' && event.state === 'stopped') return undefined
    await gate?.()
  }
  if (!kept.last)
    throw new CoreError('bad-data', `Fold ${fold + 1} of ${folds} has no photos to learn from.`, 'Choose fewer folds.')
  return kept.last
}
