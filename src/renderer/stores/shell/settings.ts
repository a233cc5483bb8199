// What a person prefers, kept in localStorage: theme, language, sizes, open sides, keys. Applied to the document as it
// changes.

import { useLocalStorage, usePreferredDark } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, watchEffect } from 'vue'
import type { PhotoSort } from '../../../contract/records.ts'
import { preferredLocale } from '../../i18n/index.ts'
import type { Locale } from '../../i18n/index.ts'
import type { Stage } from '../../../contract/stages.ts'
import type { ComputeChoice } from '../../training/messages.ts'

export type Theme = 'system' | 'dark' | 'light'

export const useSettingsStore = defineStore('settings', () => {
  const theme = useLocalStorage<Theme>('winnow.theme', 'system')
  const locale = useLocalStorage<Locale>('winnow.locale', preferredLocale(navigator.languages))
  const thumbnail = useLocalStorage('winnow.thumbnail', 120)
  const sort = useLocalStorage<PhotoSort>('winnow.sort', 'added')
  const singleKeys = useLocalStorage('winnow.single-keys', true)
  const advance = useLocalStorage('winnow.advance', true)
  const keys = useLocalStorage<Record<string, string>>('winnow.keys', {})
  /** The stage shown last: where the page begins when its address names none. */
  const lastStage = useLocalStorage<Stage>('winnow.stage', 'library')
  const computeOn = useLocalStorage<ComputeChoice>('winnow.compute-on', 'auto')
  const smooth = useLocalStorage('winnow.smooth', 0)
  /** Answers of a model less confident than this are "unknown". */
  const unknownBelow = useLocalStorage('winnow.unknown-below', 0.5)

  const systemDark = usePreferredDark()
  const shownTheme = computed(() => (theme.value === 'system' ? (systemDark.value ? 'dark' : 'light') : theme.value))
  watchEffect(() => {
    document.documentElement.dataset.theme = shownTheme.value
    document.documentElement.lang = locale.value
  })
  return {
    theme,
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
