// Photos of the library that a run would leave out, counted by the reason that counts first: its file is gone, it could
// not be read, a person excluded it, it has no label.

import type { ReadDb } from '../db/database.ts'
import { trainable } from './photos.ts'
import type { LeftOutPhotos } from './settings/validate.ts'

const isMissing = "EXISTS (SELECT 1 FROM problem WHERE photo_id = photo.id AND code = 'missing')"

export function leftOutPhotos(db: ReadDb): LeftOutPhotos {
  const counts = db.get<Omit<LeftOutPhotos, 'classes'>>(`
    SELECT count(*) AS "all", coalesce(sum(why = 'missing'), 0) AS missing, coalesce(sum(why = 'broken'), 0) AS broken,
      coalesce(sum(why = 'excluded'), 0) AS excluded, coalesce(sum(why = 'unlabelled'), 0) AS unlabelled
    FROM (SELECT CASE WHEN ${isMissing} THEN 'missing' WHEN usable = 0 THEN 'broken' WHEN excluded = 1 THEN 'excluded'
      WHEN class_id IS NULL THEN 'unlabelled' ELSE '' END AS why FROM photo)`)!
  const classes = db.values<string>(
    `SELECT name FROM class WHERE EXISTS (SELECT 1 FROM photo WHERE class_id = class.id)
     AND NOT EXISTS (SELECT 1 FROM photo WHERE class_id = class.id AND ${trainable}) ORDER BY id`,
  )
  return { ...counts, classes }
}
