// What only the whole set can tell: odd sizes, duplicates and near duplicates. Each pass replaces its own problems in
// one transaction, so a check that is stopped leaves the last one's findings. What is wrong with a single photo was
// found when it was decoded.

import { setImmediate } from 'node:timers/promises'
import type { WriteDb } from '../../db/database.ts'
import type { JobControl, LibraryContext } from '../context.ts'
import { findExactDuplicates, findNearDuplicates, readCandidates, readNearDistance } from './duplicates.ts'
import { flagOddSizes, replaceProblems } from './odd-sizes.ts'
import { readThresholds } from './thresholds.ts'

/** Finds and writes the problems of the set. */
export async function checkPhotos(
  ctx: Pick<LibraryContext, 'library' | 'changed'>,
  control: Pick<JobControl, 'signal'>,
): Promise<void> {
  const { db } = ctx.library
  flagOddSizes(db, readThresholds(db).oddSize)
  await breathe(control.signal)
  const { problems, distinct } = findExactDuplicates(db, readCandidates(db))
  replaceProblems(db, 'exact-duplicate', problems)
  await breathe(control.signal)
  replaceProblems(db, 'near-duplicate', findNearDuplicates(db, distinct, readNearDistance(db)))
  ctx.changed()
}

/** Keeps how far near duplicates may be apart, and flags them anew. */
export function setNearDistance(db: WriteDb, distance: number): void {
  if (distance === readNearDistance(db)) return
  db.transaction(() => {
    db.run("INSERT OR REPLACE INTO meta VALUES ('near_distance', ?)", String(distance))
    const { distinct } = findExactDuplicates(db, readCandidates(db))
    replaceProblems(db, 'near-duplicate', findNearDuplicates(db, distinct, distance))
  })
}

/** Lets requests and a cancel through between passes. */
async function breathe(signal: AbortSignal): Promise<void> {
  await setImmediate()
  signal.throwIfAborted()
}
