// Settings of runs as text for people: which differ between two runs. Pure.

import type { RunSettings } from '../../../contract/records.ts'

export interface DifferingSetting {
  readonly key: string
  readonly before: string
  readonly after: string
}

/** Every setting that differs, in the order of the second run's; one that a run does not have is '–'. */
export function differingSettings(before: RunSettings, after: RunSettings): DifferingSetting[] {
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])] as (keyof RunSettings)[]
  return keys
    .filter(key => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map(key => ({ key, before: settingText(before[key]), after: settingText(after[key]) }))
}

/** A value as it stands in a table: steps of an augmentation by their names. */
export function settingText(value: unknown): string {
  if (value === undefined || value === null) return '–'
  if (typeof value === 'boolean') return value ? '✓' : '–'
  if (typeof value !== 'object') return String(value)
  const { steps } = value as { steps?: readonly { kind: string }[] }
  return steps ? steps.map(step => step.kind).join(', ') || '–' : JSON.stringify(value)
}
