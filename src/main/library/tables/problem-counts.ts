// Problems over the whole set. A quality flag on more than a tenth of the photos says how the set looks and is not held
// against each photo (cleanvision's rule): it keeps its own filter, but is not one of 'any' problem.

import { blockingProblems, problemsOfTheSet } from '../../../contract/problems.ts'
import type { ProblemCode } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'

export interface ProblemCount {
  readonly code: ProblemCode
  readonly photos: number
  readonly property: boolean
}

const propertyShare = 0.1
const blocking: ReadonlySet<ProblemCode> = new Set(blockingProblems)
const canBeProperties: ReadonlySet<ProblemCode> = new Set(problemsOfTheSet)

/** How many photos have each problem, are not accepted with it and, of what is only doubtful, not excluded: what is left
 *  to decide. The most frequent first; whether it is a property follows from all. */
export function problemCounts(db: ReadDb): ProblemCount[] {
  const all = db.value<number>('SELECT count(*) FROM photo')!
  const accepted = new Map(
    db
      .all<CodeCount>(`
    SELECT problem.code, count(*) AS photos FROM photo INDEXED BY photo_by_accepted CROSS JOIN json_each(photo.accepted) CROSS JOIN problem ON problem.photo_id = photo.id AND problem.code = value
    WHERE photo.accepted IS NOT NULL GROUP BY problem.code`)
      .map(({ code, photos }) => [code, photos]),
  )
  const excluded = new Map(
    db
      .all<CodeCount>(
        `SELECT problem.code, count(*) AS photos FROM photo CROSS JOIN problem ON problem.photo_id = photo.id
         WHERE photo.excluded = 1 AND (photo.accepted IS NULL OR problem.code NOT IN (SELECT value FROM json_each(photo.accepted))) GROUP BY problem.code`,
      )
      .filter(({ code }) => !blocking.has(code))
      .map(({ code, photos }) => [code, photos]),
  )
  return db
    .all<CodeCount>('SELECT code, count(*) AS photos FROM problem GROUP BY code')
    .map(({ code, photos }) => ({
      code,
      photos: photos - (accepted.get(code) ?? 0) - (excluded.get(code) ?? 0),
      property: canBeProperties.has(code) && photos > all * propertyShare,
    }))
    .filter(({ photos }) => photos > 0)
    .sort((a, b) => b.photos - a.photos || (a.code < b.code ? -1 : 1))
}

interface CodeCount {
  readonly code: ProblemCode
  readonly photos: number
}

/** The kinds found in this library that are problems of single photos. */
export function singleProblems(db: ReadDb): ProblemCode[] {
  return problemCounts(db)
    .filter(({ property }) => !property)
    .map(({ code }) => code)
}
