// From a run's settings to core's training options: which net, normalisation, optimizer, schedule and augmentation a
// run really uses. docs/training.md lists the settings with their usual values.

import type { Run, RunSettings } from '../contract/records.ts'
import { completeSettings } from '../contract/settings/defaults.ts'
import {
  adagrad,
  adam,
  withEma,
  constant,
  cosine,
  describeModel,
  frozenTo,
  isHead,
  oneCycle,
  pixelStatistics,
  rmsprop,
  sgd,
  stepwise,
  warmUp,
  type Augmentation,
  type Device,
  type ModelDescription,
  type Optimizer,
  type Schedule,
  type Snapshot,
  type TrainingOptions,
} from '../core/index.ts'
import { augmentationOf } from './augmentation.ts'
import { normalisationOf, type InitialWeights } from './weights/initial-weights.ts'
import { balancedWeights } from './class-weights.ts'
import type { RunPhotos } from './photos.ts'

/** How many validation photos are shown with their predictions while it learns. */
const watchedPhotos = 24

export interface StartingPoint {
  /** The run's own last checkpoint, to go on from. */
  readonly from?: Snapshot | undefined
  /** The weights of an earlier run or a file, to begin with. */
  readonly initial?: InitialWeights | undefined
}

export function trainingOptions(
  run: Run,
  photos: RunPhotos,
  device: Device,
  { from, initial }: StartingPoint,
): TrainingOptions {
  const settings = completeSettings(run.settings)
  const {
    size,
    channels,
    epochs,
    batch,
    rate,
    seed,
    iterations,
    patience,
    validationSample,
    labelSmoothing,
    precision,
  } = settings
  const augmentation = augmentationOf(settings)
  const model = from?.model ?? {
    ...describeModel(settings, {
      height: size,
      width: size,
      channels,
      classes: run.classes.map(({ name }) => name),
      normalise: normalisation(photos, channels, initial),
    }),
    ...(mirrors(augmentation) && { mirrored: true }),
  }
  return {
    device,
    model,
    photos: photos.set,
    trainRows: photos.train,
    validationRows: photos.validation,
    epochs,
    batchSize: batch,
    learningRate: rate,
    seed,
    optimizer: optimizerOf(run.settings),
    schedule: scheduleOf(run.settings),
    watchedRows: watched(photos.validation),
    ...(iterations !== undefined && { steps: iterations }),
    ...(patience !== undefined && { patience }),
    validationSample,
    labelSmoothing,
    precision,
    ...(settings.classWeights === 'balanced' && { classWeights: balancedWeights(photos, run.classes.length) }),
    ...(augmentation && { augmentation }),
    ...(from && { from }),
    ...(initial && { initial: { state: initial.state, ...(initial.model && { classes: initial.model.classes }) } }),
    ...(initial && learningOf(settings, model)),
  }
}

/** Where a mirror image is as good as the photo to learn from, it is so to answer from (docs/default-preset.md). */
function mirrors(augmentation: Augmentation | undefined): boolean {
  return (augmentation?.flip?.probability ?? 0) > 0
}

/** Which of the weights that were taken over stay as they are, and which learn more slowly. */
function learningOf(
  { freeze, backboneRate }: RunSettings,
  model: ModelDescription,
): Pick<TrainingOptions, 'frozen' | 'rates'> {
  const head = isHead(model)
  return {
    ...(freeze !== undefined && { frozen: frozenTo(model, freeze) }),
    ...(backboneRate !== undefined && { rates: name => (head(name) ? 1 : backboneRate) }),
  }
}

/** The optimizer of these settings, with the defaults of the table of settings, which are PyTorch's. */
export function optimizerOf(settings: RunSettings): Optimizer {
  const { optimizer, momentum, decay, clip, average } = completeSettings(settings)
  const common = { weightDecay: decay, ...(clip !== undefined && { clipNorm: clip }) }
  const made = {
    sgd: () => sgd(common),
    momentum: () => sgd({ ...common, momentum }),
    nesterov: () => sgd({ ...common, momentum, nesterov: true }),
    adagrad: () => adagrad(common),
    rmsprop: () => rmsprop({ ...common, momentum }),
    adam: () => adam(common),
    adamw: () => adam(common),
  }[optimizer]()
  return average === undefined ? made : withEma(made, average)
}

export function scheduleOf(settings: RunSettings): Schedule {
  const { schedule, warmUp: share, floor, stepEvery, stepFactor } = completeSettings(settings)
  const then = {
    constant: () => constant,
    step: () => stepwise(stepEvery, stepFactor),
    cosine: () => cosine(floor),
    'one-cycle': () => oneCycle(),
  }[schedule]()
  return share === 0 ? then : warmUp(share, then)
}

/** Weights that are taken over expect the normalisation they were learnt with. */
function normalisation(photos: RunPhotos, channels: number, initial: InitialWeights | undefined) {
  return (initial && normalisationOf(initial, channels)) ?? pixelStatistics(photos.set, photos.train)
}

/** Evenly picked, so that every class has a chance to be seen: rows are in the order of the photos. */
function watched(validation: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const count = Math.min(watchedPhotos, validation.length)
  return Uint32Array.from({ length: count }, (_, i) => validation[Math.floor((i * validation.length) / count)]!)
}
