// What `winnow train` can be told about a run: one option for each of its settings, made of the contract's table
// (contract/settings/table.ts).

import { InvalidArgumentError, Option, type Command } from 'commander'
import type { RunSettings } from '../../../../../contract/records.ts'
import type { Setting } from '../../../../../contract/settings/kinds.ts'
import { settingKeys, settingOf } from '../../../../../contract/settings/table.ts'
import { decimal, whole } from '../../options.ts'

type Plain = Omit<RunSettings, 'augment' | 'augmentation' | 'fromRunId' | 'fromFile'>

/** As commander gives them: absent where not given. */
export interface SettingOptions extends Partial<Plain> {
  /** none, the name of a ready recipe, or a file. */
  readonly augment?: string
  readonly from?: string
}

/** Settings with the same option (`--from`, `--augment`) have one between them, whose text the command reads. */
export function addSettingOptions(command: Command): Command {
  const byFlags = new Map(settingKeys.map(key => [settingOf(key).option, settingOf(key)]))
  for (const setting of byFlags.values()) command.addOption(optionOf(setting))
  return command
}

function optionOf(setting: Setting): Option {
  const option = new Option(setting.option, setting.help.en)
  switch (setting.kind) {
    case 'number':
      return option.argParser(numberOf(setting))
    case 'choice':
    case 'preset':
      return withChoices(option, setting.values)
    case 'stages':
      return option.argParser(text => (text === 'backbone' ? text : whole(1, setting.max)(text)))
    default:
      return option
  }
}

function numberOf({ min, max, whole: wholeNumber, least }: Setting & { readonly kind: 'number' }) {
  return wholeNumber ? whole(min, max) : decimal(least ?? min, max)
}

/** Names are listed by commander's help; numbers are read as such. */
function withChoices(option: Option, values: readonly (string | number)[]): Option {
  const numbers = values.filter(value => typeof value === 'number')
  if (numbers.length === 0) return option.choices(values.map(String))
  return option.argParser(text => {
    const found = numbers.find(value => String(value) === text)
    if (found === undefined) throw new InvalidArgumentError(`It must be ${numbers.toSorted().join(' or ')}.`)
    return found
  })
}
