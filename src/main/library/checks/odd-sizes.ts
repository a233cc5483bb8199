// Odd size: a photo against what a net will see of its set. The score is kept for every photo, the problem for those
// below the limit.

import type { ProblemCode } from '../../../contract/records.ts'
import type { ReadDb, WriteDb } from '../../db/database.ts'
import { oddSizes, tooSmall } from '../../pixels/scores/odd-sizes.ts'
import { insertProblem } from './regroup-duplicates.ts'
import type { FoundProblem } from './duplicates.ts'

interface SizeRow {
  readonly id: number
  readonly width: number
  readonly height: number
  readonly score: number | null
}

/** Scores all usable photos and flags those below `limit`; in one transaction. */
export function flagOddSizes(db: WriteDb, limit: number): void {
  const photos = readSizes(db)
  const { scores, threshold, netSize } = isLikeCleanvision(db)
    ? { ...oddSizes(photos, limit), netSize: null }
    : tooSmall(photos, limit)
  db.relaxed(() => {
    photos.forEach(
      ({ id, score }, i) =>
        score !== scores[i] && db.run('UPDATE quality SET odd_size = ? WHERE photo_id = ?', scores[i]!, id),
    )
    replaceProblems(
      db,
      'odd-size',
      photos.flatMap((photo, i) => (scores[i]! >= threshold ? [] : [oddSize(photo, scores[i]!, threshold, netSize)])),
    )
  })
}

/** Copied field by field: the object of a row is a hash table, which takes several times the memory. */
function readSizes(db: WriteDb): SizeRow[] {
  const photos: SizeRow[] = []
  const rows = db.each<SizeRow>(
    'SELECT id, width, height, odd_size AS score FROM photo LEFT JOIN quality ON quality.photo_id = id WHERE usable = 1 ORDER BY id',
  )
  for (const { id, width, height, score } of rows) photos.push({ id, width, height, score })
  return photos
}

/** Whether a person asked for cleanvision's definitions, to compare. */
export function isLikeCleanvision(db: ReadDb): boolean {
  return db.value<string>("SELECT value FROM meta WHERE key = 'definitions'") === 'cleanvision'
}

function oddSize(
  { id, width, height }: SizeRow,
  score: number,
  threshold: number,
  netSize: number | null,
): FoundProblem {
  const reason =
    netSize === null
      ? `This photo is ${width} x ${height} pixels, far from the size of the others.`
      : `This photo is ${width} x ${height} pixels; a net sees photos at ${netSize}, so this one is enlarged.`
  const values = { width, height, threshold, ...(netSize !== null && { netSize }) }
  return { photoId: id, problem: { code: 'odd-size', score, values, reason } }
}

/** All problems of this kind give way to those found; call it inside a transaction, or it makes its own. */
export function replaceProblems(db: WriteDb, code: ProblemCode, found: Iterable<FoundProblem>): void {
  db.relaxed(() => {
    db.run('DELETE FROM problem WHERE code = ?', code)
    for (const one of found) insertProblem(db, one)
  })
}
