// Which of a run's photos show the same picture, as far as the library knows: equal pixels, and duplicates or near
// duplicates found by the check.

import type { ReadDb } from '../db/database.ts'
import { createUnionFind } from '../common/union-find.ts'

/** [rows]: 1 where a row that is not trained on shows the picture of one that is. */
export function copiesOfTraining(groups: ArrayLike<number>, splits: ArrayLike<number>): Uint8Array {
  const trained = new Set(Array.from(groups).filter((_, row) => splits[row] === 0))
  return Uint8Array.from(groups, (group, row) => Number(splits[row] !== 0 && trained.has(group)))
}

/** [rows]: equal numbers for rows that belong together. */
export function rowGroups(db: ReadDb, runId: number): Int32Array {
  return photoGroups(db, db.values<number>('SELECT photo_id FROM run_row WHERE run_id = ? ORDER BY row', runId))
}

/** The same of any photos. */
export function photoGroups(db: ReadDb, photoIds: readonly number[]): Int32Array {
  const keys = new Map(
    db
      .all<{ id: number; key: string | null }>('SELECT id, coalesce(pixel_sha256, sha256) AS key FROM photo')
      .map(({ id, key }) => [id, key ?? String(id)]),
  )
  const groups = createUnionFind()
  for (const { id, keeper } of db.all<{ id: number; keeper: number }>(
    'SELECT photo_id AS id, keeper FROM problem WHERE keeper IS NOT NULL',
  )) {
    const key = keys.get(keeper)
    if (key !== undefined) groups.join(keys.get(id)!, key)
  }
  const numbers = new Map<string, number>()
  return Int32Array.from(photoIds, photoId => {
    const group = groups.find(keys.get(photoId)!)
    const number = numbers.get(group) ?? numbers.size
    numbers.set(group, number)
    return number
  })
}
