// A run's settings with the defaults of the table (table.ts) in place of what is left out.

import type { RunSettings } from '../records/run-settings.ts'
import { defaultOf, settingKeys, type SettingTable } from './table.ts'

/** The settings that always have a value. */
type DefaultedKey = {
  [Key in keyof SettingTable]: SettingTable[Key] extends { readonly default: unknown } ? Key : never
}[keyof SettingTable]

export type CompleteSettings = Omit<RunSettings, DefaultedKey> & {
  readonly [Key in DefaultedKey]-?: Exclude<RunSettings[Key], undefined>
}

export function completeSettings(settings: RunSettings): CompleteSettings {
  const usual = settingKeys.map(key => [key, settings[key] ?? defaultOf(key, settings)] as const)
  return Object.fromEntries(usual.filter(([, value]) => value !== undefined)) as unknown as CompleteSettings
}
