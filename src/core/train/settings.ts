// The options of a training, and the values that are taken for options left out.

import type { PhotoSet } from '../data/photo-set.ts'
import { refuseOthers } from '../options.ts'
import type { Device } from '../device.ts'
import type { ModelDescription } from '../nn/description.ts'
import type { SourceWeights } from '../nn/transfer.ts'
import type { Augmentation } from '../ops/batch/augmentation.ts'
import { softmaxCrossEntropy } from '../ops/losses/cross-entropy.ts'
import type { Loss } from '../ops/losses/loss.ts'
import { adam } from '../optim/adam.ts'
import type { Optimizer } from '../optim/optimizer.ts'
import { constant, type Schedule } from '../optim/schedule.ts'
import { permutation, streams } from '../kernels/philox.ts'
import type { Metric } from './evaluation/score.ts'
import type { Snapshot } from './snapshot.ts'

/** How activations and their gradients lie in memory; weights, sums and the optimizer's state are f32 always (mixed
 *  precision, Micikevicius et al. 2018). */
export type Precision = 'auto' | 'f32' | 'f16'

/** What `train` is asked to do. One that it does not have, or whose value cannot be, is refused with CoreError
 *  'bad-argument'. */
export interface TrainingOptions {
  readonly device: Device
  readonly model: ModelDescription
  readonly photos: PhotoSet
  /** Rows to learn from, and rows to measure on after each epoch. */
  readonly trainRows: Uint32Array<ArrayBuffer>
  readonly validationRows: Uint32Array<ArrayBuffer>
  readonly epochs: number
  /** End after so many steps, whatever `epochs` says. */
  readonly steps?: number
  /** Photos a step; fewer where the set is smaller. */
  readonly batchSize?: number
  readonly learningRate?: number
  readonly schedule?: Schedule
  readonly optimizer?: Optimizer
  readonly augmentation?: Augmentation
  /** What the steps make smaller. Validation goes on telling the cross entropy of the softmax, so that runs of different
   *  losses compare. */
  readonly loss?: Loss
  /** Measured beside loss and accuracy on the validation rows, by name. */
  readonly metrics?: Readonly<Record<string, Metric>>
  readonly labelSmoothing?: number
  /** How much each class counts in the loss. Default: all the same. */
  readonly classWeights?: readonly number[]
  readonly seed?: number
  /** How activations and their gradients are stored. 'auto' (default): as f16 where a few trial steps are faster so and
   *  agree with f32. */
  readonly precision?: Precision
  /** Validation rows measured after each epoch; all of them after the last. */
  readonly validationSample?: number
  /** Parameters by name that stay as they are: a backbone whose head alone learns. Default: none. */
  readonly frozen?: (name: string) => boolean
  /** Factor of the rate by parameter name, above 0: a backbone that learns more slowly than its head. Default: 1. */
  readonly rates?: (name: string) => number
  /** Stop early when validation has not improved for this many epochs; default: never. */
  readonly patience?: number
  /** Rows whose predictions are shown while it learns. */
  readonly watchedRows?: Uint32Array<ArrayBuffer>
  /** Go on from here instead of from fresh weights. */
  readonly from?: Snapshot
  /** Begin with what fits of these weights (an earlier run, a torchvision backbone); a note says what did. */
  readonly initial?: SourceWeights
}

/** A table of the names, which the compiler keeps whole. */
const optionNames: Readonly<Record<keyof TrainingOptions, true>> = {
  device: true,
  model: true,
  photos: true,
  trainRows: true,
  validationRows: true,
  epochs: true,
  steps: true,
  batchSize: true,
  learningRate: true,
  schedule: true,
  optimizer: true,
  augmentation: true,
  loss: true,
  metrics: true,
  labelSmoothing: true,
  classWeights: true,
  seed: true,
  precision: true,
  validationSample: true,
  frozen: true,
  rates: true,
  patience: true,
  watchedRows: true,
  from: true,
  initial: true,
}

export const trainingOptionNames: readonly string[] = Object.keys(optionNames)

/** Throws CoreError 'bad-argument' naming the first option that training does not have. */
export function checkOptionNames(options: TrainingOptions): void {
  refuseOthers('Training', options, trainingOptionNames)
}

type OptionalName = 'augmentation' | 'classWeights' | 'steps' | 'from' | 'initial'
export type Settings = Required<Omit<TrainingOptions, OptionalName>> & Pick<TrainingOptions, OptionalName>

export function withDefaults(options: TrainingOptions): Settings {
  return {
    learningRate: 1e-3,
    schedule: constant,
    optimizer: adam(),
    loss: softmaxCrossEntropy,
    metrics: {},
    labelSmoothing: 0,
    seed: 1,
    precision: 'auto',
    validationSample: 2048,
    patience: Infinity,
    frozen: () => false,
    rates: () => 1,
    watchedRows: new Uint32Array(),
    ...options,
    batchSize: Math.min(options.batchSize ?? 64, options.trainRows.length),
  }
}

/** The training rows in the order of this epoch: depends on the seed and the epoch alone. */
export function shuffled({ trainRows, seed }: Settings, epoch: number): Uint32Array<ArrayBuffer> {
  return permutation(trainRows.length, seed, streams.shuffle, epoch).map(i => trainRows[i]!)
}
