// Which of a run's photos show the same picture, as far as the library knows: equal pixels, and copies or near copies found by the check.

import type { ReadDb } from '../db/database.ts'

/** [rows]: equal numbers for rows that belong together. */
export function rowGroups(db: ReadDb, runId: number): Int32Array {
  const keepers = readKeepers(db)
  const pixels = new Map(db.all<{ id: number; key: string | null }>(
    'SELECT photo.id, coalesce(pixel_sha256, sha256) AS key FROM photo').map(({ id, key }) => [id, key ?? String(id)]))
  const numbers = new Map<string, number>()
  return Int32Array.from(db.values<number>('SELECT photo_id FROM run_row WHERE run_id = ? ORDER BY row', runId), photoId => {
    const key = pixels.get(lastKeeper(keepers, photoId)) ?? String(photoId)
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  })
}

/** Photo -> the photo the check took it for a copy of. */
function readKeepers(db: ReadDb): Map<number, number> {
  return new Map(db.all<{ id: number; keeper: number }>(
    `SELECT photo_id AS id, CAST(values_json ->> 'keeper' AS INTEGER) AS keeper FROM problem
     WHERE code IN ('exact-duplicate', 'near-duplicate') AND values_json ->> 'keeper' IS NOT NULL`).map(({ id, keeper }) => [id, keeper]))
}

/** An exact copy's keeper may itself be a near copy of another; a circle, which only a stale check could leave, ends where it began. */
function lastKeeper(keepers: ReadonlyMap<number, number>, photoId: number): number {
  let at = photoId
  for (let next = keepers.get(at); next !== undefined && next !== photoId; next = keepers.get(at)) at = next
  return at
}
