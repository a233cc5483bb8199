// From a run's settings to core's training options: which net, normalisation, schedule and augmentation a run really uses.

import type { Run } from '../contract/records.ts'
import { adam, cosine, describePreset, pixelStatistics, warmUp, type Device, type Snapshot, type TrainingOptions } from '../core/index.ts'
import type { RunPhotos } from './photos.ts'

/** How many validation photos are shown with their predictions while it learns. */
const watchedPhotos = 24

export interface Beginning {
  /** The run's own last checkpoint, to go on from. */
  readonly from?: Snapshot | undefined
  /** The best weights of an earlier run, to begin with. */
  readonly initial?: Snapshot | undefined
}

export function trainingOptions(run: Run, photos: RunPhotos, device: Device, { from, initial }: Beginning): TrainingOptions {
  const { preset, size, channels, epochs, batch, rate, seed, augment } = run.settings
  const model = from?.model ?? describePreset(preset, {
    height: size, width: size, channels, classes: run.classes.map(({ name }) => name), normalise: normalisation(photos, channels, initial),
  })
  return {
    device, model, photos: photos.set, trainRows: photos.train, validationRows: photos.validation,
    epochs, batch, rate, seed, optimizer: adam(), schedule: warmUp(0.05, cosine(0.01)),
    watchedRows: watched(photos.validation),
    ...(augment && { augmentation: { flip: true, shift: Math.max(1, Math.round(size / 16)) } }),
    ...(from && { from }),
    ...(initial && { initial: { state: initial.state, classes: initial.model.classes } }),
  }
}

/** Weights that are taken over expect the normalisation they were learnt with. */
function normalisation(photos: RunPhotos, channels: number, initial: Snapshot | undefined) {
  const known = initial?.model.normalise
  return known?.mean.length === channels ? known : pixelStatistics(photos.set, photos.train)
}

/** Evenly picked, so that every class has a chance to be seen: rows are in the order of the photos. */
function watched(validation: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const count = Math.min(watchedPhotos, validation.length)
  return Uint32Array.from({ length: count }, (_, i) => validation[Math.floor((i * validation.length) / count)]!)
}
