// Problems over the whole set. A quality flag on more than a tenth of the photos says how the set looks and is not held against
// each photo (cleanvision's rule): it keeps its own filter, but is not one of 'any' problem.

import type { ProblemCode } from '../../contract/records.ts'
import type { ReadDb } from '../db/database.ts'

export interface ProblemCount {
  readonly code: ProblemCode
  readonly photos: number
  readonly property: boolean
}

const propertyShare = 0.1
const canBeProperties: ReadonlySet<ProblemCode> = new Set(['dark', 'light', 'blurry', 'low-information', 'odd-aspect', 'odd-size', 'greyscale', 'wrong-extension'])

/** How many photos have each problem, the most frequent first. */
export function problemCounts(db: ReadDb): ProblemCount[] {
  const all = db.value<number>('SELECT count(*) FROM photo')!
  return db.all<{ code: ProblemCode; photos: number }>('SELECT code, count(*) AS photos FROM problem GROUP BY code ORDER BY photos DESC, code')
    .map(({ code, photos }) => ({ code, photos, property: canBeProperties.has(code) && photos > all * propertyShare }))
}

/** The kinds found in this library that are problems of single photos. */
export function singleProblems(db: ReadDb): ProblemCode[] {
  return problemCounts(db).filter(({ property }) => !property).map(({ code }) => code)
}
