// What only the whole set can tell: odd sizes, copies and near copies. Each pass replaces its own problems in one transaction,
// so a check that is stopped leaves the last one's findings. What is wrong with a single photo was found when it was decoded.

import { setImmediate } from 'node:timers/promises'
import type { ProblemCode } from '../../contract/records.ts'
import type { WriteDb } from '../db/database.ts'
import { oddSizes } from '../pixels/odd-sizes.ts'
import type { JobControl, LibraryContext } from './context.ts'
import { insertProblem } from './copies.ts'
import { findExactCopies, findNearCopies, nearDistance, readCandidates, type FoundProblem } from './duplicates.ts'

/** Finds and writes the problems of the set. */
export async function checkPhotos(ctx: Pick<LibraryContext, 'library' | 'changed'>, control: Pick<JobControl, 'signal'>): Promise<void> {
  const { db } = ctx.library
  replaceProblems(db, 'odd-size', findOddSizes(db))
  await breathe(control.signal)
  const { problems, distinct } = findExactCopies(readCandidates(db))
  replaceProblems(db, 'exact-duplicate', problems)
  await breathe(control.signal)
  replaceProblems(db, 'near-duplicate', findNearCopies(distinct, nearDistance))
  ctx.changed()
}

/** Lets requests and a cancel through between passes. */
async function breathe(signal: AbortSignal): Promise<void> {
  await setImmediate()
  signal.throwIfAborted()
}

function replaceProblems(db: WriteDb, code: ProblemCode, found: readonly FoundProblem[]): void {
  db.relaxed(() => {
    db.run('DELETE FROM problem WHERE code = ?', code)
    for (const one of found) insertProblem(db, one)
  })
}

interface SizeRow {
  readonly id: number
  readonly width: number
  readonly height: number
}

function findOddSizes(db: WriteDb): FoundProblem[] {
  const photos = db.all<SizeRow>('SELECT id, width, height FROM photo WHERE usable = 1 ORDER BY id')
  const { scores, threshold } = oddSizes(photos)
  return photos.flatMap(({ id, width, height }, i) => scores[i]! >= threshold ? [] : [{
    photoId: id,
    problem: {
      code: 'odd-size', score: scores[i]!, values: { width, height, threshold },
      reason: `This photo is ${width} x ${height} pixels, far from the size of the others.`,
    },
  }])
}
