// What the table of a run's settings (table.ts) says of one setting: its kind with its bounds, its default, when it
// applies, its option of the terminal, and its words. The schema, the form, the options and the docs are derived.

import type { OptimizerName, ScheduleName } from './names.ts'

export interface Words {
  readonly en: string
  readonly ko: string
}

/** The settings that others depend on. */
export interface DecidingSettings {
  readonly optimizer?: OptimizerName | undefined
  readonly schedule?: ScheduleName | undefined
  readonly fromRunId?: number | undefined
  readonly fromFile?: string | undefined
  readonly freeze?: 'backbone' | number | undefined
}

export type DefaultValue = string | number | boolean

interface Common {
  /** Where it stands in the form. */
  readonly group: 'photos' | 'learning' | 'mixing' | 'ending'
  /** Every run has it: the service suggests a value. */
  readonly required?: true
  /** What holds where it is left out; absent where it then has no value at all. */
  readonly default?: DefaultValue | ((settings: DecidingSettings) => DefaultValue)
  /** What the form and docs/training.md say of leaving it out where the default is no value. */
  readonly leftOut?: Words
  /** Whether it has an effect beside these others. Default: always. */
  readonly applies?: (settings: DecidingSettings) => boolean
  /** Says that it has none, and what to do. Given with `applies`. */
  readonly idle?: (value: unknown, settings: DecidingSettings) => readonly [message: string, fix: string]
  /** A value that says the same as leaving it out: it is not refused where the setting does not apply. */
  readonly neutral?: number
  /** The terminal's option as commander writes it. Settings with the same option share it. */
  readonly option: string
  readonly name: Words
  readonly help: Words
  /** What docs/training.md says in place of the English help. */
  readonly details?: string
  /** Not one field of the form's own: the form asks for it in another way. */
  readonly drawnApart?: true
}

/** From `min` to `max`; `above`: `min` itself is not allowed, and the terminal takes `least` and more. */
export interface NumberSetting extends Common {
  readonly kind: 'number'
  readonly min: number
  readonly max: number
  readonly whole?: true
  readonly above?: true
  readonly least?: number
}

export interface ChoiceSetting extends Common {
  readonly kind: 'choice'
  readonly values: readonly (string | number)[]
  /** Names of the values for the form; a value without one is shown as it is. */
  readonly valueNames?: Readonly<Record<string, Words>>
}

/** One of `values` in the form and the terminal; the contract takes any text, for the core knows the nets. */
export interface PresetSetting extends Common {
  readonly kind: 'preset'
  readonly values: readonly string[]
  readonly maxLength: number
}

/** So many stages of the net from its input on, or 'backbone'. */
export interface StagesSetting extends Common {
  readonly kind: 'stages'
  readonly max: number
  readonly values: readonly ['backbone']
  readonly valueNames: Readonly<Record<string, Words>>
}

export interface FileSetting extends Common {
  readonly kind: 'file'
  readonly maxLength: number
}

export interface PlainSetting<Kind extends 'flag' | 'run' | 'recipe'> extends Common {
  readonly kind: Kind
}

export type Setting =
  | NumberSetting
  | ChoiceSetting
  | PresetSetting
  | StagesSetting
  | FileSetting
  | PlainSetting<'flag'>
  | PlainSetting<'run'>
  | PlainSetting<'recipe'>

/** The `leftOut` of what every run has. */
export const suggested: Words = { en: 'suggested', ko: '제안대로' }

export type SettingsOf = Readonly<Record<string, Setting>>
