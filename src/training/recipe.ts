// From a run's settings to core's training options: which net, normalisation, schedule and augmentation a run really uses.

import type { Run } from '../contract/records.ts'
import { adam, cosine, describePreset, pixelStatistics, warmUp, type Device, type Snapshot, type TrainingOptions } from '../core/index.ts'
import type { RunPhotos } from './photos.ts'

/** How many validation photos are shown with their predictions while it learns. */
const watchedPhotos = 24

export function trainingOptions(run: Run, photos: RunPhotos, device: Device, from: Snapshot | undefined): TrainingOptions {
  const { preset, size, channels, epochs, batch, rate, seed, augment } = run.settings
  const model = from?.model ?? describePreset(preset, {
    height: size, width: size, channels, classes: run.classes.map(({ name }) => name), normalise: pixelStatistics(photos.set, photos.train),
  })
  return {
    device, model, photos: photos.set, trainRows: photos.train, validationRows: photos.validation,
    epochs, batch, rate, seed, optimizer: adam(), schedule: warmUp(0.05, cosine(0.01)),
    watchedRows: watched(photos.validation),
    ...(augment && { augmentation: { flip: true, shift: Math.max(1, Math.round(size / 16)) } }),
    ...(from && { from }),
  }
}

/** Evenly picked, so that every class has a chance to be seen: rows are in the order of the photos. */
function watched(validation: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const count = Math.min(watchedPhotos, validation.length)
  return Uint32Array.from({ length: count }, (_, i) => validation[Math.floor((i * validation.length) / count)]!)
}
