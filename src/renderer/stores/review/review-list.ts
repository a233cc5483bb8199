// What can be said of a list of photos under review: how many have which answer or problem, where to begin, what comes
// next. Pure functions.

import type { ProblemCode } from '../../../contract/records.ts'
import type { ReviewItem, Verdict } from './review-items.ts'

type Items = readonly ReviewItem[]

export function countsOf(items: Items): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { relabelled: 0, kept: 0, excluded: 0, unsure: 0 }
  for (const { verdict } of items) if (verdict) counts[verdict]++
  return counts
}

/** How many have which other problem, the most frequent first. */
export function problemsOf(items: Items): [ProblemCode, number][] {
  const counts = new Map<ProblemCode, number>()
  for (const { photo } of items) for (const { code } of photo.problems) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}

export function withProblem(items: Items, code: ProblemCode): Items {
  return items.filter(item => item.photo.problems.some(problem => problem.code === code))
}

/** The items and those of `more` that are not among them. */
export function joined(items: Items, more: Items): Items {
  const have = new Set(items.map(item => item.photo.id))
  return [...items, ...more.filter(item => !have.has(item.photo.id))]
}

/** The index of the photo, or else of the first without an answer; 0 where all have one. */
export function firstToShow(items: Items, photoId: number | null): number {
  const found = items.findIndex(item => item.photo.id === photoId)
  return found >= 0
    ? found
    : Math.max(
        0,
        items.findIndex(item => item.verdict === null),
      )
}

/** The index of the next without an answer, or else of the next. */
export function nextOpen(items: Items, index: number): number {
  const after = items.findIndex((item, at) => at > index && item.verdict === null)
  return after >= 0 ? after : Math.min(index + 1, items.length - 1)
}
