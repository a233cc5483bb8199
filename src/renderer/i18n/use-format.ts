// The formatters of format.ts bound to the language of the page; components say `number(12430)` and it follows the
// language switch.

import { useI18n } from 'vue-i18n'
import * as format from './format.ts'

export function useFormat() {
  const { locale } = useI18n()
  return {
    number: (value: number, digits = 0) => format.formatNumber(locale.value, value, digits),
    plain: (value: number) => format.formatPlain(locale.value, value),
    percent: (share: number, digits = 1) => format.formatPercent(locale.value, share, digits),
    duration: (seconds: number) => format.formatDuration(locale.value, seconds),
    elapsed: (seconds: number) => format.formatElapsed(locale.value, seconds),
    bytes: (count: number) => format.formatBytes(locale.value, count),
    date: (iso: string) => format.formatDate(locale.value, iso),
    small: (value: number) => format.formatSmall(locale.value, value),
    /** An accuracy over `count` photos with its 95 % interval. */
    estimate: (share: number, count: number) => format.formatEstimate(locale.value, share, count),
  }
}
