// Settings of a run in the words of the page's language, as the form has them: names of nets, colours, changes of photos.

import { useI18n } from 'vue-i18n'
import type { RunSettings } from '../../contract/records.ts'
import { settingOf } from '../../contract/settings/table.ts'
import type { SettingKey } from '../../contract/settings/table.ts'
import { recipeName, recipeOf } from '../components/train/recipe-choice.ts'
import { useRunsStore } from '../stores/models/runs.ts'
import { useFormat } from './use-format.ts'

export function useSettingWords() {
  const { t, te } = useI18n({ useScope: 'global' })
  const { plain, percent } = useFormat()
  const runs = useRunsStore()

  /** Which changes of photos were on, by their kinds. */
  function changesOf(settings: RunSettings): string {
    const name = recipeName(settings)
    if (name === 'none') return t('train.recipes.none')
    const kinds = [...new Set(recipeOf(settings).steps.map(({ kind }) => t(`train.changes.${kind}`)))]
    return kinds.length > 0 ? kinds.join(', ') : t('train.recipes.none')
  }

  function valueOf(key: SettingKey, settings: RunSettings): string {
    if (key === 'augment') return changesOf(settings)
    const value = settings[key]
    if (value === undefined) return '–'
    if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
    if (key === 'fromRunId') return runs.byId(Number(value))?.name ?? String(value)
    if (key === 'trainShare') return percent(Number(value), 0)
    const named = `train.settingValues.${key}.${String(value)}`
    if (te(named)) return t(named)
    if (settingOf(key).kind === 'preset' && te(`train.presets.${String(value)}`))
      return `${String(value)} · ${t(`train.presets.${String(value)}`)}`
    return typeof value === 'number' ? plain(value) : String(value)
  }

  return { nameOf: (key: SettingKey) => t(`train.${key}`), valueOf }
}
