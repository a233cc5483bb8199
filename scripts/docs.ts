// Writes what docs/ takes from tables of the sources: the settings of a run in docs/training.md, between two marks.
// `npm run docs` writes; test/rules/written-docs.test.ts compares.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Setting } from '../src/contract/settings/kinds.ts'
import { optimizerNames, scheduleNames } from '../src/contract/settings/names.ts'
import { defaultOf, settingKeys, settingOf, type SettingKey } from '../src/contract/settings/table.ts'

const root = join(import.meta.dirname, '..')
const page = join(root, 'docs', 'training.md')
const marks = ['<!-- settings: written by scripts/docs.ts -->', '<!-- settings: end -->'] as const

/** The page as it is, and as the table of settings wants it. */
export function trainingPage(): { readonly is: string; readonly wanted: string } {
  const is = readFileSync(page, 'utf8')
  const [first, last] = marks.map(mark => is.indexOf(mark)) as [number, number]
  if (first < 0 || last < first) throw new Error(`docs/training.md needs the lines “${marks.join('” and “')}”.`)
  return { is, wanted: `${is.slice(0, first)}${marks[0]}\n\n${settingRows().join('\n')}\n\n${is.slice(last)}` }
}

function settingRows(): string[] {
  return [
    '| setting | option | values | what it does | left out |',
    '|---|---|---|---|---|',
    ...settingKeys.map(key => {
      const setting = settingOf(key)
      const option = setting.option.split(' ')[0]
      return `| \`${key}\` | \`${option}\` | ${valuesOf(setting)} | ${setting.details ?? setting.help.en} | ${leftOut(key)} |`
    }),
  ]
}

function valuesOf(setting: Setting): string {
  switch (setting.kind) {
    case 'number':
      return `${setting.above ? `above ${grouped(setting.min)}, up to` : `${grouped(setting.min)} to`} ${grouped(setting.max)}`
    case 'choice':
      return setting.values.join(', ')
    case 'stages':
      return `1 to ${grouped(setting.max)}, or backbone`
    default:
      return { preset: 'a name', file: 'a file', run: 'a run', flag: 'yes or no', recipe: 'a recipe' }[setting.kind]
  }
}

/** The default; where it hangs on the optimizer or the schedule, the usual one and those that differ. */
function leftOut(key: SettingKey): string {
  const { leftOut: words, default: usual } = settingOf(key)
  if (usual === undefined) return words?.en ?? 'none'
  if (typeof usual !== 'function') return textOf(usual)
  const others = [
    ...optimizerNames.map(optimizer => [optimizer, defaultOf(key, { optimizer })] as const),
    ...scheduleNames.map(schedule => [schedule, defaultOf(key, { schedule })] as const),
  ].filter(([, value]) => value !== usual({}))
  return `${textOf(usual({}))} (${others.map(([name, value]) => `${name}: ${textOf(value!)}`).join(', ')})`
}

function textOf(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : typeof value === 'number' ? grouped(value) : value
}

const grouped = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 6 })

if (process.argv[1] === import.meta.filename) writeFileSync(page, trainingPage().wanted)
