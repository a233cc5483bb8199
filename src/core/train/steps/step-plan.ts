// The step plan of a run: how many steps it has, which epoch a step belongs to, and what each step is given, which is its
// place in the order of the epoch, its rate and the optimizer's corrections.

import type { StepValues } from '../../kernels/step.ts'
import { factorAt } from '../../optim/schedule.ts'
import type { FittedBatch } from './batch-fitting.ts'
import type { Settings } from '../settings.ts'

type StepPlanSettings = Pick<
  Settings,
  'trainRows' | 'epochs' | 'steps' | 'seed' | 'learningRate' | 'schedule' | 'optimizer' | 'from'
>

export class StepPlan {
  /** Photos of a step. */
  readonly batchSize: number
  readonly stepsPerEpoch: number
  /** Of the whole run. */
  readonly steps: number
  /** The step before which the optimizer's moments were zero: its own count of steps begins there. */
  readonly momentsFrom: number
  /** Of the rate that the settings say. */
  rateFactor: number
  readonly #settings: StepPlanSettings
  readonly #part: number
  readonly #parts: number

  constructor(settings: StepPlanSettings, { part, parts }: Pick<FittedBatch, 'part' | 'parts'>) {
    this.#settings = settings
    this.#part = part
    this.#parts = parts
    this.batchSize = part * parts
    this.stepsPerEpoch = Math.max(1, Math.floor(settings.trainRows.length / this.batchSize))
    this.steps = settings.steps ?? settings.epochs * this.stepsPerEpoch
    this.momentsFrom = momentsFrom(settings)
    this.rateFactor = settings.from?.progress.rateFactor ?? 1
  }

  get epochs(): number {
    return Math.ceil(this.steps / this.stepsPerEpoch)
  }

  epochOf(step: number): number {
    return Math.floor(step / this.stepsPerEpoch)
  }

  /** The step before which the epoch of this one ends, or the run. */
  endOfEpoch(step: number): number {
    return Math.min(this.steps, (this.epochOf(step) + 1) * this.stepsPerEpoch)
  }

  /** Of a whole step; `batchCount` counts the photos of one part. */
  valuesOf(step: number): StepValues {
    const { seed, learningRate: rate, schedule, optimizer } = this.#settings
    const [beta1, beta2] = optimizer.betas
    const updates = step - this.momentsFrom + 1
    return {
      seed,
      step,
      epoch: this.epochOf(step),
      batchStart: (step % this.stepsPerEpoch) * this.batchSize,
      batchCount: this.#part,
      rate: rate * this.rateFactor * factorAt(schedule, step, this.steps),
      correction1: 1 - beta1 ** updates,
      correction2: 1 - beta2 ** updates,
    }
  }

  /** Of part p of a step: its own photos and its own random numbers. */
  valuesOfPart(values: StepValues, p: number): StepValues {
    return { ...values, step: values.step * this.#parts + p, batchStart: values.batchStart + p * this.#part }
  }
}

/** Without moments the optimizer starts afresh (snapshot.ts), as PyTorch's would. */
function momentsFrom({ from, optimizer }: StepPlanSettings): number {
  if (!from) return 0
  return optimizer.moments.some(name => from.moments.has(name)) ? from.progress.momentsFrom : from.step
}
