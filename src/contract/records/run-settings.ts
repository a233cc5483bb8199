// What a training run can be asked for. All that is optional has a usual value, named beside it; docs/training.md is
// the list for people.

import { z } from 'zod'
import { AugmentationRecipe } from '../augmentation.ts'

export const OptimizerName = z.enum(['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'])
export type OptimizerName = z.infer<typeof OptimizerName>

export const ScheduleName = z.enum(['constant', 'step', 'cosine', 'one-cycle'])
export type ScheduleName = z.infer<typeof ScheduleName>

export const PrecisionName = z.enum(['auto', 'f32', 'f16'])
export type PrecisionName = z.infer<typeof PrecisionName>

export const FitName = z.enum(['squash', 'letterbox'])
export type FitName = z.infer<typeof FitName>

const share = z.number().min(0).max(1)
const count = z.number().int().min(1).max(10_000_000)

/** What one training run is asked to do. The service adds the label revision and the rows; core builds `preset` at this
 *  size. */
export const RunSettings = z.object({
  preset: z.string().max(64),
  size: z.number().int().min(8).max(512),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** How a photo that is no square becomes one: squashed, or in its own shape between grey bars. Default squash. */
  fit: FitName.optional(),
  epochs: z.number().int().min(1).max(10_000),
  batch: z.number().int().min(1).max(4096),
  rate: z.number().positive().max(10),
  seed: z.number().int().min(0).max(0xffffffff),
  /** Change the training photos at random: by `augmentation`, else by the ready recipe "light". */
  augment: z.boolean(),
  /** Begin with the best weights of this run, where names and shapes fit. */
  fromRunId: z.number().int().optional(),

  /** End after so many steps, whatever `epochs` says. */
  iterations: count.optional(),
  /** End when validation has not improved for this many epochs. Default: never. */
  patience: z.number().int().min(1).max(10_000).optional(),
  /** Validation photos measured after each epoch; all of them at the end. Default 2048. */
  validationSample: count.optional(),

  /** Default adam. */
  optimizer: OptimizerName.optional(),
  /** Of momentum, nesterov (default 0.9) and rmsprop (default 0). */
  momentum: z.number().min(0).max(0.999).optional(),
  /** Weight decay; biases and norms are left alone. Default 0.01 for adamw, else 0. */
  decay: share.optional(),
  /** The largest norm all gradients together may have. Default: any. */
  clip: z.number().positive().max(1e6).optional(),
  /** Keep a running average of the weights that forgets 1 - `average` of the old at each step; it is what is measured
   *  and exported. Default: none. */
  average: z.number().min(0.5).max(0.99999).optional(),

  /** How the rate falls over the run. Default cosine. */
  schedule: ScheduleName.optional(),
  /** Share of the run in which the rate rises from 0. Default 0.05 with cosine, else 0; one-cycle has its own. */
  warmUp: z.number().min(0).max(0.9).optional(),
  /** Of cosine: the share of the rate that is left at the end. Default 0.01. */
  floor: share.optional(),
  /** Of step: after each such share of the run (default 0.3) the rate is multiplied by `stepFactor` (default 0.1). */
  stepEvery: z.number().positive().max(1).optional(),
  stepFactor: z.number().positive().max(1).optional(),

  /** Share of the label that is spread over all classes. Default 0. */
  labelSmoothing: z.number().min(0).max(0.9).optional(),
  /** balanced: a class weighs as much as it is rare. Default equal. */
  classWeights: z.enum(['equal', 'balanced']).optional(),

  /** How activations are stored. auto: as f16 where a trial before the first step agrees with f32 and is faster.
   *  Default auto. */
  precision: PrecisionName.optional(),

  /** The random changes of the training photos where `augment` is true. Default: the ready recipe "light". */
  augmentation: AugmentationRecipe.optional(),
  /** Blend each photo with another of its batch, of which up to this share. Default 0. */
  mixup: z.number().min(0).max(0.5).optional(),
  /** Paste a rectangle of another photo of the batch; with `mixup` each photo gets one of the two. Default false. */
  cutmix: z.boolean().optional(),

  /** Learn from this share of the training photos of each class only; a larger share holds the photos of a smaller one.
   *  Default 1. */
  trainShare: z.number().positive().max(1).optional(),
  /** Begin with the weights of a safetensors file of this name, sent as the run's `beginning`, where names and shapes
   *  fit. */
  fromFile: z.string().min(1).max(255).optional(),
  /** So many stages of the net, from its input on, stay as they begin; 'backbone': all but the head. Default:
   *  everything learns. */
  freeze: z.union([z.literal('backbone'), z.number().int().min(1).max(1000)]).optional(),
  /** Factor of the rate of everything but the head. Default 1. */
  backboneRate: z.number().positive().max(1).optional(),
})
export type RunSettings = z.infer<typeof RunSettings>
