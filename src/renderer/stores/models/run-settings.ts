// Settings of runs for people: which differ between two runs. Pure; their words are in use-setting-words.ts.

import type { RunSettings } from '../../../contract/records.ts'
import { settingKeys } from '../../../contract/settings/table.ts'
import type { SettingKey } from '../../../contract/settings/table.ts'

/** Whether photos are changed and how are one thing to a person. */
export const shownSettings: readonly SettingKey[] = settingKeys.filter(key => key !== 'augmentation')

/** Every setting that differs, in the order of the table. */
export function differingSettings(before: RunSettings, after: RunSettings): SettingKey[] {
  const partOf = (settings: RunSettings, key: SettingKey) =>
    JSON.stringify(key === 'augment' ? [settings.augment, settings.augmentation] : settings[key])
  return shownSettings.filter(key => partOf(before, key) !== partOf(after, key))
}
