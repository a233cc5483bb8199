// Whether the settings of a run go together. What would have no effect (contract/settings/table.ts says when) is
// refused, so that nobody believes it had one.

import { isAhead } from '../../../contract/augmentation.ts'
import { ServiceError } from '../../../contract/errors.ts'
import type { RunSettings } from '../../../contract/records.ts'
import { tooSmallPhotos } from '../../../contract/settings/photo-size.ts'
import { appliesTo, settingKeys, settingOf, settingTable } from '../../../contract/settings/table.ts'
import type { ModelDescription } from '../../../core/nn/description.ts'
import { describeModel } from '../../../core/nn/feature-head.ts'
import { fits, smallestSide } from '../../../core/nn/smallest-side.ts'
import { frozenTo } from '../../../core/nn/stages.ts'

type SettingsRule = readonly [broken: boolean, message: string, fix: string]

/** ServiceError 'bad-settings' with the first thing that does not go together, 'shape-mismatch' where photos are too
 *  small for the net; CoreError 'bad-argument' where there is no such net or nothing would be left to learn. */
export function checkSettings(settings: RunSettings): void {
  const broken = [...idleRules(settings), ...photoRules(settings), ...beginningRules(settings)].find(
    ([isBroken]) => isBroken,
  )
  if (broken) throw new ServiceError('bad-settings', broken[1], broken[2])
  checkSize(settings)
  if (settings.freeze !== undefined) frozenTo(netOf(settings), settings.freeze)
}

/** For every setting that is given: whether it has an effect beside the others. */
function idleRules(settings: RunSettings): SettingsRule[] {
  return settingKeys.flatMap(key => {
    const [{ idle, neutral }, value] = [settingOf(key), settings[key]]
    if (idle === undefined || value === undefined) return []
    return [[!appliesTo(key, settings) && value !== neutral, ...idle(value, settings)] as const]
  })
}

function photoRules({ batch, mixup, cutmix, augmentation }: RunSettings): SettingsRule[] {
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

function beginningRules({ fromRunId, fromFile }: RunSettings): SettingsRule[] {
  return [
    [
      fromRunId !== undefined && fromFile !== undefined,
      `A run begins with one set of weights, not with those of run ${fromRunId} and of ${fromFile}.`,
      'Leave one of them out.',
    ],
  ]
}

function checkSize({ preset, size, channels }: RunSettings): void {
  if (!fits(preset, channels, size))
    throw tooSmallPhotos(preset, size, smallestSide(preset, channels, settingTable.size.max))
}

function netOf(settings: RunSettings): ModelDescription {
  const { size, channels } = settings
  return describeModel(settings, { height: size, width: size, channels, classes: ['any'] })
}
