// Numbers, times and sizes for people, in the language of the page. Pure functions of the locale; the composable
// useFormat binds it.

/** 12,430 */
export function formatNumber(locale: string, value: number, digits = 0): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value)
}

/** A number with the digits it has: 0.999, 10,000. */
export function formatPlain(locale: string, value: number): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 9 }).format(value)
}

/** A share 0..1 as '81.2 %' (the space does not break), '81.2%' in Korean, with one digit, or none where `digits` says
 *  so. */
export function formatPercent(locale: string, share: number, digits = 1): string {
  return `${formatNumber(locale, share * 100, digits)}${locale === 'ko' ? '' : '\u00a0'}%`
}

/** Wilson's 95 % interval for `share` of `count` photos, in shares. See Wilson 1927. */
export function interval(share: number, count: number): { readonly low: number; readonly high: number } {
  if (count <= 0) return { low: 0, high: 1 }
  const z = 1.96
  const centre = (share + (z * z) / (2 * count)) / (1 + (z * z) / count)
  const half = (z / (1 + (z * z) / count)) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/** '81.2 % ± 4.1'; near 0 and 100 %, where the interval lies on one side, '100.0 % (70–100)'. */
export function formatEstimate(locale: string, share: number, count: number): string {
  const { low, high } = interval(share, count)
  const half = (high - low) / 2
  const shown = formatPercent(locale, share)
  if (share - half >= 0 && share + half <= 1) return `${shown} ± ${formatNumber(locale, half * 100, 1)}`
  return `${shown} (${formatNumber(locale, low * 100)}–${formatNumber(locale, high * 100)})`
}

const units: Record<string, readonly [string, string, string]> = { en: [' s', ' min', ' h'], ko: ['초', '분', '시간'] }

/** Seconds, coarse: '41 s', '3 min', '2 h 10 min'. Above ten seconds in steps, so that it does not flicker. */
export function formatDuration(locale: string, seconds: number): string {
  const [s, min, h] = units[locale] ?? units.en!
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))}${s}`
  if (seconds < 60) return `${Math.round(seconds / 5) * 5}${s}`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes}${min}`
  const rest = minutes % 60
  return rest === 0 ? `${Math.floor(minutes / 60)}${h}` : `${Math.floor(minutes / 60)}${h} ${rest}${min}`
}

/** Seconds as they were measured: '8.4 s', '1 min 12 s'. */
export function formatElapsed(locale: string, seconds: number): string {
  const [s, min] = units[locale] ?? units.en!
  if (seconds < 60) return `${formatNumber(locale, seconds, 1)}${s}`
  return `${formatNumber(locale, Math.floor(seconds / 60))}${min} ${Math.floor(seconds % 60)}${s}`
}

/** 61 kB, 2.4 MB; powers of ten. */
export function formatBytes(locale: string, bytes: number): string {
  if (bytes < 1000) return `${formatNumber(locale, bytes)} B`
  if (bytes < 1e6) return `${formatNumber(locale, bytes / 1e3)} kB`
  return bytes < 1e9 ? `${formatNumber(locale, bytes / 1e6, 1)} MB` : `${formatNumber(locale, bytes / 1e9, 2)} GB`
}

/** 'Nov 21, 14:02', with the year where it is not this one. */
export function formatDate(locale: string, iso: string, now = new Date()): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const)
  return new Intl.DateTimeFormat(locale, {
    ...year,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(date)
}

/** A small number without trailing noise: 0.0012 -> '1.2e-3', 0.52 -> '0.520'. */
export function formatSmall(locale: string, value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-2) return value.toExponential(1)
  return formatNumber(locale, value, 3)
}
