// Whether the settings of a run go together. What would have no effect is refused, so that nobody believes it had one.

import { isAhead } from '../../../contract/augmentation.ts'
import { ServiceError } from '../../../contract/errors.ts'
import type { RunSettings } from '../../../contract/records.ts'
import { CoreError } from '../../../core/error.ts'
import type { ModelDescription } from '../../../core/nn/description.ts'
import { describePreset } from '../../../core/nn/presets.ts'
import { frozenTo } from '../../../core/nn/stages.ts'
import { summarise } from '../../../core/nn/summary.ts'

type Rule = readonly [broken: boolean, message: string, fix: string]

/** ServiceError 'bad-settings' with the first thing that does not go together, 'shape-mismatch' where photos are too
 *  small for the net; CoreError 'bad-argument' where there is no such net or nothing would be left to learn. */
export function checkSettings(settings: RunSettings): void {
  const broken = [
    ...optimizerRules(settings),
    ...scheduleRules(settings),
    ...photoRules(settings),
    ...beginningRules(settings),
  ].find(([isBroken]) => isBroken)
  if (broken) throw new ServiceError('bad-settings', broken[1], broken[2])
  const net = netOf(settings)
  checkSize(net, settings)
  if (settings.freeze !== undefined) frozenTo(net, settings.freeze)
}

function optimizerRules({ optimizer = 'adam', momentum, decay }: RunSettings): Rule[] {
  const withMomentum = ['momentum', 'nesterov', 'rmsprop']
  return [
    [
      momentum !== undefined && !withMomentum.includes(optimizer),
      `Momentum ${momentum} has no effect on ${optimizer}.`,
      `Leave it out, or choose ${withMomentum.join(', ')}.`,
    ],
    [
      optimizer === 'adam' && (decay ?? 0) > 0,
      `Adam with a weight decay of ${decay} is what adamw does.`,
      'Choose adamw, or leave the decay out.',
    ],
  ]
}

function scheduleRules({ schedule = 'cosine', warmUp, floor, stepEvery, stepFactor }: RunSettings): Rule[] {
  return [
    [
      schedule === 'one-cycle' && warmUp !== undefined,
      'One-cycle has a warm-up of its own.',
      'Leave the warm-up out, or choose another schedule.',
    ],
    [
      schedule !== 'cosine' && floor !== undefined,
      `A floor of ${floor} has no effect on the schedule ${schedule}.`,
      'Leave it out, or choose cosine.',
    ],
    [
      schedule !== 'step' && (stepEvery ?? stepFactor) !== undefined,
      `The lengths of steps have no effect on the schedule ${schedule}.`,
      'Leave them out, or choose step.',
    ],
  ]
}

function photoRules({ batch, mixup, cutmix, augmentation }: RunSettings): Rule[] {
  const ahead = augmentation?.steps.find(isAhead)
  return [
    [
      ahead !== undefined,
      `A run cannot change photos by ${ahead?.kind}, which is made ahead of training.`,
      'Take that step out of the recipe.',
    ],
    [
      batch < 2 && ((mixup ?? 0) > 0 || cutmix === true),
      'A batch of one has no other photo to mix with.',
      'Take a batch of two or more, or leave mixup and cutmix out.',
    ],
  ]
}

function beginningRules({ fromRunId, fromFile, freeze, backboneRate }: RunSettings): Rule[] {
  const fresh = fromRunId === undefined && fromFile === undefined
  return [
    [
      fromRunId !== undefined && fromFile !== undefined,
      `A run begins with one set of weights, not with those of run ${fromRunId} and of ${fromFile}.`,
      'Leave one of them out.',
    ],
    [
      fresh && freeze !== undefined,
      'Fresh weights that are frozen would never learn anything.',
      'Begin with the weights of a run or a file, or freeze nothing.',
    ],
    [
      fresh && backboneRate !== undefined,
      `A backbone rate of ${backboneRate} is for weights that were learnt before.`,
      'Begin with the weights of a run or a file, or leave it out.',
    ],
    [
      freeze === 'backbone' && backboneRate !== undefined,
      `A backbone rate of ${backboneRate} has no effect on a frozen backbone.`,
      'Leave it out, or freeze fewer stages.',
    ],
  ]
}

function checkSize(net: ModelDescription, { preset, size }: RunSettings): void {
  try {
    summarise(net)
  } catch (error) {
    if (!(error instanceof CoreError) || error.code !== 'shape-mismatch') throw error
    throw new ServiceError(
      'shape-mismatch',
      `Photos of ${size} px are too small for ${preset}: ${error.message}`,
      'Take larger photos or a smaller net.',
    )
  }
}

function netOf({ preset, size, channels }: RunSettings): ModelDescription {
  return describePreset(preset, { height: size, width: size, channels, classes: ['any'] })
}
