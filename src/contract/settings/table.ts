// The table of a run's settings: every fact about one stands here once. records/run-settings.ts makes the schema of it,
// the page its form, the terminal its options, the service its refusals, training its defaults, and scripts/docs.ts
// the table of docs/training.md. In the order in which they are shown.

import { initialWeightsSettings } from './initial-weights.ts'
import type { DecidingSettings, Setting, SettingsOf } from './kinds.ts'
import { learningSettings } from './learning.ts'
import { endingSettings, mixingSettings } from './mixing.ts'
import { photoSettings } from './photos.ts'

export const settingTable = {
  ...photoSettings,
  ...learningSettings,
  ...initialWeightsSettings,
  ...mixingSettings,
  ...endingSettings,
} as const satisfies SettingsOf

export type SettingTable = typeof settingTable
export type SettingKey = keyof SettingTable

export const settingKeys = Object.keys(settingTable) as SettingKey[]

export function settingOf(key: SettingKey): Setting {
  return settingTable[key]
}

/** What holds where `key` is left out beside these other settings; undefined where it then has no value. */
export function defaultOf(key: SettingKey, settings: DecidingSettings): string | number | boolean | undefined {
  const { default: usual } = settingOf(key)
  return typeof usual === 'function' ? usual(settings) : usual
}

/** Whether `key` has an effect beside these other settings. */
export function appliesTo(key: SettingKey, settings: DecidingSettings): boolean {
  return settingOf(key).applies?.(settings) ?? true
}

/** In one language: the name of each setting, its help, what leaving it out means where that is no value, and its
 *  values' names by setting. */
export function settingNames(language: 'en' | 'ko'): Record<SettingKey, string> {
  return eachSetting(key => settingOf(key).name[language])
}

export function settingHelp(language: 'en' | 'ko'): Record<SettingKey, string> {
  return eachSetting(key => settingOf(key).help[language])
}

/** What holds where nothing is said and there is no default value; only of settings for which that can be. */
export function settingsLeftOut(language: 'en' | 'ko'): Partial<Record<SettingKey, string>> {
  const all = settingKeys.map(key => [key, settingOf(key).leftOut?.[language]] as const)
  return Object.fromEntries(all.filter(([, text]) => text !== undefined))
}

export function settingValueNames(language: 'en' | 'ko'): Record<SettingKey, Record<string, string>> {
  return eachSetting(key => {
    const setting = settingOf(key)
    const names = 'valueNames' in setting ? (setting.valueNames ?? {}) : {}
    return Object.fromEntries(Object.entries(names).map(([value, words]) => [value, words[language]]))
  })
}

function eachSetting<T>(of: (key: SettingKey) => T): Record<SettingKey, T> {
  return Object.fromEntries(settingKeys.map(key => [key, of(key)])) as Record<SettingKey, T>
}
