// Photos of a run that show the same picture belong together, whatever chain of findings leads from one to the other.

import { expect, it } from 'vitest'
import { insertProblem } from '../../../src/main/library/checks/regroup-duplicates.ts'
import { rowGroups } from '../../../src/main/runs/photo-groups.ts'
import { closeAfterTest } from '../library/helpers.ts'
import { addClasses, addPhotos, newDatabase } from '../library/rows.ts'

it('equal pixels, copies of copies and circles that a stale check left are one group each', async () => {
  const { db, close } = await newDatabase()
  closeAfterTest(close)
  addClasses(db, 'cat')
  const ids = addPhotos(
    db,
    Array.from({ length: 8 }, (_, i) => ({ classId: 1, pixels: `pixels ${i === 7 ? 6 : i}` })),
  )
  const copies = [
    [0, 1],
    [1, 2],
    [3, 4],
    [4, 5],
    [5, 4],
  ] as const
  for (const [copy, keeper] of copies)
    insertProblem(db, {
      photoId: ids[copy]!,
      problem: { code: 'near-duplicate', reason: '', score: 1, values: { keeper: ids[keeper]! } },
    })
  db.run(
    "INSERT INTO run (id, name, state, created_at, settings_json, label_revision, classes_json) VALUES (7, '', 'done', '', '{}', 0, '[]')",
  )
  ids.forEach((id, row) =>
    db.run('INSERT INTO run_row (run_id, row, photo_id, label, split) VALUES (7, ?, ?, 0, 0)', row, id),
  )
  expect([...rowGroups(db, 7)]).toEqual([0, 0, 0, 1, 1, 1, 2, 2])
})
