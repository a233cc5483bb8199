// The form of a run's settings, made of the contract's table (contract/settings/table.ts): the fields of each group, the
// default that holds where a field is empty, and what a typed number becomes. A field is shown only where it has an
// effect.

import type { RunSettings } from '../../../contract/records.ts'
import type { NumberSetting, Setting } from '../../../contract/settings/kinds.ts'
import { appliesTo, defaultOf, settingKeys, settingOf, type SettingKey } from '../../../contract/settings/table.ts'

export type RunField = Setting & { readonly key: SettingKey }
export type NumberField = NumberSetting & { readonly key: SettingKey }

export interface RunFieldGroup {
  readonly name: Setting['group']
  readonly fields: readonly RunField[]
}

const groupNames: readonly Setting['group'][] = ['photos', 'learning', 'mixing', 'ending']

export const fieldGroups: readonly RunFieldGroup[] = groupNames.map(name => ({
  name,
  fields: settingKeys
    .map(key => ({ ...settingOf(key), key }))
    .filter(({ group, drawnApart }) => group === name && !drawnApart),
}))

/** The default of a field beside these settings, as text; null where leaving it empty means no value. */
export function shownDefault({ key }: Pick<RunField, 'key'>, settings: RunSettings): string | null {
  const usual = defaultOf(key, settings)
  return usual === undefined ? null : String(usual)
}

/** Settings with one value changed; null takes an optional one out. Fields that then have no effect are taken out as
 *  well. */
export function withSetting(settings: RunSettings, key: SettingKey, value: unknown): RunSettings {
  const { [key]: _, ...rest } = settings
  const next = (value === null ? rest : { ...rest, [key]: value }) as RunSettings
  return Object.fromEntries(Object.entries(next).filter(([name]) => appliesTo(name as SettingKey, next))) as RunSettings
}

/** A typed number within its bounds; null for an empty optional field, undefined for what is no number. */
export function readNumber({ min, max, whole, above, required }: NumberField, text: string): number | null | undefined {
  if (text.trim() === '') return required ? undefined : null
  const value = whole ? Math.round(Number(text)) : Number(text)
  if (!Number.isFinite(value) || (above && value <= min)) return undefined
  return Math.min(max, Math.max(min, value))
}
