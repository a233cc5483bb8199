// The form of a run's settings, made of the contract's table (contract/settings/table.ts): the fields of each group, the
// default that holds where a field is empty, and what a typed number is. A field is shown only where it has an
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

/** What a typed number is, or why it is none for this field. `value` null: an optional field was left empty. */
export type TypedNumber = { readonly value: number | null } | { readonly problem: NumberProblem }
export type NumberProblem = 'missing' | 'noNumber' | 'notWhole' | 'outside' | 'tooLow'

/** What stands in a field and cannot be taken. */
export interface Mistyped {
  readonly text: string
  readonly problem: NumberProblem
}

/** By field. */
export type MistypedNumbers = Readonly<Partial<Record<SettingKey, Mistyped>>>

/** Nothing is put right in silence: what the contract refuses is told, with the bounds. */
export function readNumber({ min, max, whole, above, required }: NumberField, text: string): TypedNumber {
  if (text.trim() === '') return required ? { problem: 'missing' } : { value: null }
  const value = Number(text)
  if (!Number.isFinite(value)) return { problem: 'noNumber' }
  if (whole && !Number.isInteger(value)) return { problem: 'notWhole' }
  if (above && (value <= min || value > max)) return { problem: 'tooLow' }
  return value < min || value > max ? { problem: 'outside' } : { value }
}

/** Those of fields that are shown beside these settings. */
export function mistypedOf(numbers: MistypedNumbers, settings: RunSettings): [NumberField, Mistyped][] {
  const fields = fieldGroups.flatMap(group => group.fields)
  return fields.flatMap((field): [NumberField, Mistyped][] => {
    const wrong = numbers[field.key]
    return field.kind === 'number' && wrong && appliesTo(field.key, settings) ? [[field, wrong]] : []
  })
}
