// Whether the settings of a run go together. What would have no effect is refused, so that nobody believes it had one.

import { ServiceError } from '../../contract/errors.ts'
import type { RunSettings } from '../../contract/records.ts'

type Rule = readonly [broken: boolean, message: string, fix: string]

/** ServiceError 'bad-settings' with the first thing that does not go together. */
export function checkSettings(settings: RunSettings): void {
  const broken = [...optimizerRules(settings), ...scheduleRules(settings), ...photoRules(settings)].find(([isBroken]) => isBroken)
  if (broken) throw new ServiceError('bad-settings', broken[1], broken[2])
}

function optimizerRules({ optimizer = 'adam', momentum, decay }: RunSettings): Rule[] {
  const withMomentum = ['momentum', 'nesterov', 'rmsprop']
  return [
    [momentum !== undefined && !withMomentum.includes(optimizer), `Momentum ${momentum} has no effect on ${optimizer}.`, `Leave it out, or choose ${withMomentum.join(', ')}.`],
    [optimizer === 'adam' && (decay ?? 0) > 0, `Adam with a weight decay of ${decay} is what adamw does.`, 'Choose adamw, or leave the decay out.'],
  ]
}

function scheduleRules({ schedule = 'cosine', warmUp, floor, stepEvery, stepFactor }: RunSettings): Rule[] {
  return [
    [schedule === 'one-cycle' && warmUp !== undefined, 'One-cycle has a warm-up of its own.', 'Leave the warm-up out, or choose another schedule.'],
    [schedule !== 'cosine' && floor !== undefined, `A floor of ${floor} has no effect on the schedule ${schedule}.`, 'Leave it out, or choose cosine.'],
    [schedule !== 'step' && (stepEvery ?? stepFactor) !== undefined, `The lengths of steps have no effect on the schedule ${schedule}.`, 'Leave them out, or choose step.'],
  ]
}

function photoRules({ batch, mixup, cutmix }: RunSettings): Rule[] {
  return [
    [batch < 2 && ((mixup ?? 0) > 0 || cutmix === true), 'A batch of one has no other photo to mix with.', 'Take a batch of two or more, or leave mixup and cutmix out.'],
  ]
}
