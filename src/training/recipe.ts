// From a run's settings to core's training options: which net, normalisation, optimizer, schedule and augmentation a run really uses.
// docs/training.md lists the settings with their usual values.

import type { Run, RunSettings } from '../contract/records.ts'
import {
  adagrad, adam, averaged, constant, cosine, describePreset, oneCycle, pixelStatistics, rmsprop, sgd, stepwise, usableWeights, warmUp,
  type Augmentation, type Device, type Optimizer, type Schedule, type Snapshot, type TrainingOptions,
} from '../core/index.ts'
import { balancedWeights } from './class-weights.ts'
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
  const { settings } = run
  const { preset, size, channels, epochs, batch, rate, seed, iterations, patience, validationSample, labelSmoothing } = settings
  const model = from?.model ?? describePreset(preset, {
    height: size, width: size, channels, classes: run.classes.map(({ name }) => name), normalise: normalisation(photos, channels, initial),
  })
  const augmentation = augmentationOf(settings)
  return {
    device, model, photos: photos.set, trainRows: photos.train, validationRows: photos.validation,
    epochs, batch, rate, seed, optimizer: optimizerOf(settings), schedule: scheduleOf(settings),
    watchedRows: watched(photos.validation),
    ...(iterations !== undefined && { steps: iterations }),
    ...(patience !== undefined && { patience }),
    ...(validationSample !== undefined && { validationSample }),
    ...(labelSmoothing !== undefined && { labelSmoothing }),
    ...(settings.classWeights === 'balanced' && { classWeights: balancedWeights(photos, run.classes.length) }),
    ...(augmentation && { augmentation }),
    ...(from && { from }),
    ...(initial && { initial: { state: usableWeights(initial), classes: initial.model.classes } }),
  }
}

/** The optimizer of these settings, with PyTorch's usual values for what is left out. */
export function optimizerOf({ optimizer = 'adam', momentum, decay, clip, average }: RunSettings): Optimizer {
  const common = { decay: decay ?? (optimizer === 'adamw' ? 0.01 : 0), ...(clip !== undefined && { clip }) }
  const made = {
    sgd: () => sgd(common),
    momentum: () => sgd({ ...common, momentum: momentum ?? 0.9 }),
    nesterov: () => sgd({ ...common, momentum: momentum ?? 0.9, nesterov: true }),
    adagrad: () => adagrad(common),
    rmsprop: () => rmsprop({ ...common, momentum: momentum ?? 0 }),
    adam: () => adam(common),
    adamw: () => adam(common),
  }[optimizer]()
  return average === undefined ? made : averaged(made, average)
}

export function scheduleOf({ schedule = 'cosine', warmUp: rising, floor, stepEvery, stepFactor }: RunSettings): Schedule {
  const then = {
    'constant': () => constant,
    'step': () => stepwise(stepEvery ?? 0.3, stepFactor ?? 0.1),
    'cosine': () => cosine(floor ?? 0.01),
    'one-cycle': () => oneCycle(),
  }[schedule]()
  const share = rising ?? (schedule === 'cosine' ? 0.05 : 0)
  return share === 0 ? then : warmUp(share, then)
}

function augmentationOf({ augment, size, mixup, cutmix }: RunSettings): Augmentation | undefined {
  const mixed = { ...(mixup && { mixup }), ...(cutmix && { cutmix }) }
  if (!augment) return mixup || cutmix ? { flip: false, shift: 0, ...mixed } : undefined
  return { flip: true, shift: Math.max(1, Math.round(size / 16)), ...mixed }
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
