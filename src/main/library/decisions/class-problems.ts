// Problems that a photo has only under a label, such as being unlike the rest of its class: they stand among its problems
// while it has that label, and come back with it.

import type { Problem } from '../../../contract/records.ts'
import type { WriteDb } from '../../db/database.ts'

export interface ClassProblem {
  readonly photoId: number
  readonly classId: number
  readonly problem: Problem
}

/** Puts these in the place of all problems of these kinds. Call inside a transaction. */
export function replaceClassProblems(
  db: WriteDb,
  codes: readonly Problem['code'][],
  found: readonly ClassProblem[],
): void {
  const kinds = JSON.stringify(codes)
  db.run('DELETE FROM class_problem WHERE code IN (SELECT value FROM json_each(?))', kinds)
  db.run('DELETE FROM problem WHERE code IN (SELECT value FROM json_each(?))', kinds)
  for (const { photoId, classId, problem } of found)
    db.run(
      'INSERT INTO class_problem (photo_id, code, class_id, reason, score, values_json) VALUES (?, ?, ?, ?, ?, ?)',
      photoId,
      problem.code,
      classId,
      problem.reason,
      problem.score,
      JSON.stringify(problem.values),
    )
  const ids = JSON.stringify(found.map(({ photoId }) => photoId))
  db.run(`${insertHeld} AND photo_id IN (SELECT value FROM json_each(?))`, ids)
}

/** Brings the problems of photos in line with the labels that this decision group gave them. */
export function followLabels(db: WriteDb, group: number): void {
  const photos = "photo_id IN (SELECT photo_id FROM decision WHERE group_id = ? AND field = 'class')"
  db.run(
    `DELETE FROM problem WHERE ${photos} AND EXISTS (SELECT 1 FROM class_problem AS held JOIN photo ON photo.id = held.photo_id
      WHERE held.photo_id = problem.photo_id AND held.code = problem.code AND held.class_id IS NOT photo.class_id)`,
    group,
  )
  db.run(`${insertHeld} AND ${photos}`, group)
}

const insertHeld = `INSERT OR IGNORE INTO problem (photo_id, code, reason, score, values_json)
  SELECT photo_id, code, reason, class_problem.score, values_json FROM class_problem JOIN photo ON photo.id = photo_id
  WHERE photo.class_id = class_problem.class_id`
