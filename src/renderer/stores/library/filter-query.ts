// A filter as the query of an address and back, so that what is shown can be linked to, survives a reload and answers
// to the back button.

import { PhotoFilter, PhotoSort } from '../../../contract/records.ts'

type FilterQuery = Readonly<Record<string, unknown>>

const numbers = ['classId', 'runId', 'givenClassId', 'predictedClassId', 'confidenceFrom', 'confidenceBelow'] as const
const flags = ['excluded', 'usable', 'wrong'] as const

/** `classId` null (unlabelled) and `split` null are written 'none'. */
export function queryOf(filter: PhotoFilter): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [key, value] of Object.entries(filter)) {
    if (value === undefined || value === '') continue
    query[key] = value === null ? 'none' : String(value)
  }
  return query
}

/** What an address says, as far as it makes sense; the rest is left out. */
export function filterOf(query: FilterQuery): PhotoFilter {
  const raw: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(query)) {
    if (typeof value !== 'string') continue
    if ((numbers as readonly string[]).includes(key)) raw[key] = value === 'none' ? null : Number(value)
    else if ((flags as readonly string[]).includes(key)) raw[key] = value === 'true'
    else if (['split', 'problem', 'text', 'runSplit'].includes(key))
      raw[key] = key === 'split' && value === 'none' ? null : value
  }
  const whole = PhotoFilter.safeParse(raw)
  if (whole.success) return whole.data
  const parts = Object.entries(raw).filter(([key, value]) => PhotoFilter.safeParse({ [key]: value }).success)
  return PhotoFilter.parse(Object.fromEntries(parts))
}

export function sortOf(value: unknown, fallback: PhotoSort): PhotoSort {
  const parsed = PhotoSort.safeParse(value)
  return parsed.success ? parsed.data : fallback
}
