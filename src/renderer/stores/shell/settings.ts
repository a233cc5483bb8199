// What a person prefers, kept in localStorage: theme, language, sizes, keys. Only what was chosen is kept, so that the
// rest follows the system, and what is usual, as they change. Applied to the document as it changes.

import { useLocalStorage, usePreferredDark, usePreferredLanguages } from '@vueuse/core'
import type { RemovableRef } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, watchEffect } from 'vue'
import type { PhotoSort } from '../../../contract/records.ts'
import { preferredLocale } from '../../i18n/index.ts'
import type { Locale } from '../../i18n/index.ts'
import type { Stage } from '../../../contract/stages.ts'
import type { ComputeChoice } from '../../training/messages.ts'

export type Theme = 'system' | 'dark' | 'light'
export type LanguageChoice = 'system' | Locale

export const useSettingsStore = defineStore('settings', () => {
  const theme = kept<Theme>('theme', 'system')
  const language = kept<LanguageChoice>('locale', 'system')
  const thumbnail = kept<number>('thumbnail', 120)
  const sort = kept<PhotoSort>('sort', 'added')
  const singleKeys = kept<boolean>('single-keys', true)
  const advance = kept<boolean>('advance', true)
  const keys = kept<Record<string, string>>('keys', {})
  /** The stage shown last: where the page begins when its address names none. */
  const lastStage = kept<Stage>('stage', 'library')
  const computeOn = kept<ComputeChoice>('compute-on', 'auto')
  /** Single batches scatter; their curve is smoothed unless someone wants it raw. */
  const smooth = kept<number>('smooth', 0.8)
  /** Answers of a model less confident than this are "unknown". */
  const unknownBelow = kept<number>('unknown-below', 0.5)

  const systemDark = usePreferredDark()
  const systemLanguages = usePreferredLanguages()
  const locale = computed<Locale>(() =>
    language.value === 'system' ? preferredLocale(systemLanguages.value) : language.value,
  )
  const shownTheme = computed(() => (theme.value === 'system' ? (systemDark.value ? 'dark' : 'light') : theme.value))
  watchEffect(() => {
    document.documentElement.dataset.theme = shownTheme.value
    document.documentElement.lang = locale.value
  })
  return {
    theme,
    language,
    locale,
    thumbnail,
    sort,
    singleKeys,
    advance,
    keys,
    smooth,
    unknownBelow,
    computeOn,
    lastStage,
    shownTheme,
  }
})

/** Written when it is chosen, and not before. */
function kept<T extends string | number | boolean | Record<string, string>>(name: string, usual: T): RemovableRef<T> {
  return useLocalStorage<T>(`winnow.${name}`, usual, { writeDefaults: false })
}
