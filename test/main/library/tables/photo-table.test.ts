// The columns in memory against what SQL says of the file, after any change: lists against filters in SQL, counts
// against a plain recount.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LibrarySummary, PhotoFilter, ProblemCode } from '../../../../src/contract/records.ts'
import type { WriteDb } from '../../../../src/main/db/database.ts'
import { filterSql, labelsBesideAnswers, predictionRun } from '../../../../src/main/library/tables/filter.ts'
import { createHistory, type History } from '../../../../src/main/library/decisions/history.ts'
import { createPhotoLists } from '../../../../src/main/library/tables/photo-lists.ts'
import { photoDetail } from '../../../../src/main/library/photos/photos.ts'
import { problemCounts, singleProblems } from '../../../../src/main/library/tables/problem-counts.ts'
import { summarise } from '../../../../src/main/library/photos/summary.ts'
import { addClasses, addPhotos, newDatabase, now } from '../rows.ts'

type Step =
  | { kind: 'come'; photos: number }
  | { kind: 'label'; ids: number[]; value: number | null }
  | { kind: 'exclude'; ids: number[]; value: boolean }
  | { kind: 'accept'; ids: number[]; code: 'dark' | 'blurry'; value: boolean }
  | { kind: 'flag' | 'clear'; ids: number[]; code: ProblemCode }
  | { kind: 'predict'; run: number; shift: number }
  | { kind: 'forget'; run: number }
  | { kind: 'break'; ids: number[] }
  | { kind: 'undo' }

const ids = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 })
const code = fc.constantFrom<ProblemCode>('dark', 'blurry', 'truncated', 'near-duplicate')
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('come' as const), photos: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('label' as const), ids, value: fc.constantFrom(1, 2, null) }),
  fc.record({ kind: fc.constant('exclude' as const), ids, value: fc.boolean() }),
  fc.record({
    kind: fc.constant('accept' as const),
    ids,
    code: fc.constantFrom('dark' as const, 'blurry' as const),
    value: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('flag' as const, 'clear' as const), ids, code }),
  fc.record({ kind: fc.constant('predict' as const), run: fc.integer({ min: 1, max: 3 }), shift: fc.nat(2) }),
  fc.record({ kind: fc.constant('forget' as const), run: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('break' as const), ids }),
  fc.record({ kind: fc.constant('undo' as const) }),
)

function perform(db: WriteDb, history: History, step: Step): void {
  const list = 'ids' in step ? JSON.stringify(step.ids) : '[]'
  const selection = { ids: 'ids' in step ? step.ids : [1] }
  switch (step.kind) {
    case 'come':
      addPhotos(
        db,
        Array.from({ length: step.photos }, (_, i) => ({
          classId: 1 + (i % 2),
          split: (['train', 'test', null] as const)[i % 3]!,
          folder: i % 2 ? 'Left' : 'right',
        })),
      )
      break
    case 'label':
      history.label(selection, step.value)
      break
    case 'exclude':
      history.exclude(selection, step.value)
      break
    case 'accept':
      history.accept(selection, step.code, step.value)
      break
    case 'flag':
      db.run(
        "INSERT OR IGNORE INTO problem (photo_id, code, reason) SELECT id, ?, 'because' FROM photo WHERE id IN (SELECT value FROM json_each(?))",
        step.code,
        list,
      )
      break
    case 'clear':
      db.run('DELETE FROM problem WHERE code = ? AND photo_id IN (SELECT value FROM json_each(?))', step.code, list)
      break
    case 'predict':
      db.run(
        "INSERT OR IGNORE INTO run (id, name, state, created_at, settings_json, label_revision, classes_json) VALUES (?, 'Run', 'done', 'now', '{}', 0, '[]')",
        step.run,
      )
      db.run('DELETE FROM prediction WHERE run_id = ?', step.run)
      db.run(
        'INSERT INTO prediction SELECT ?, id, 1 + (id + ?) % 2, (id * 7 % 10) / 10.0, 1 + id % 2, (id * 3 % 10) / 10.0 FROM photo WHERE id % 4 > 0',
        step.run,
        step.shift,
      )
      break
    case 'forget':
      db.run('DELETE FROM run WHERE id = ?', step.run)
      break
    case 'break': // as an import writes a photo again, with a way with conflicts of its own
      db.run(
        `INSERT INTO photo (root_id, path, name, folder, size_bytes, modified_ms, added_at)
        SELECT root_id, path, name, folder, 0, 0, '' FROM photo WHERE id IN (SELECT value FROM json_each(?)) ON CONFLICT (root_id, path) DO UPDATE SET excluded = 0`,
        list,
      )
      db.run('UPDATE photo SET usable = 1 - usable WHERE id IN (SELECT value FROM json_each(?))', list)
      break
    case 'undo':
      if (history.next().undo !== null) history.undo()
  }
}

const filters: readonly PhotoFilter[] = [
  {},
  { classId: 2 },
  { classId: null, usable: true },
  { split: 'train', excluded: false },
  { problem: 'any' },
  { problem: 'dark' },
  { wrong: true },
  { wrong: false, usable: true },
  { predictedClassId: 1 },
  { givenClassId: 1 },
  { text: 'LEFT' },
  { text: 'right 2' },
  { runId: 1, wrong: true },
  { confidenceFrom: 0.3, confidenceBelow: 0.7 },
  { confidenceBelow: 0.2, wrong: true },
]

/** Counted photo by photo. */
function recount(db: WriteDb): Partial<LibrarySummary> {
  const count = (where: string) => db.value<number>(`SELECT count(*) FROM photo WHERE ${where}`)!
  const single = JSON.stringify(singleProblems(db))
  return {
    photos: count('true'),
    broken: count('usable = 0'),
    excluded: count('excluded = 1'),
    unlabelled: count('class_id IS NULL'),
    withProblems:
      count(`EXISTS (SELECT 1 FROM problem WHERE photo_id = photo.id AND code IN (SELECT value FROM json_each('${single}'))
      AND code NOT IN (SELECT value FROM json_each(coalesce(photo.accepted, '[]'))))`),
    splits: {
      train: count("split = 'train'"),
      validation: count("split = 'validation'"),
      test: count("split = 'test'"),
      none: count('split IS NULL'),
    },
    classes: [
      { id: 1, name: 'cat', photos: count('class_id = 1') },
      { id: 2, name: 'dog', photos: count('class_id = 2') },
    ],
    wrong: db.value<number>(
      `SELECT count(*) FROM ${labelsBesideAnswers} WHERE labelled.class_id <> prediction.class_id AND labelled.excluded = 0`,
      predictionRun(db, {}),
    )!,
  }
}

describe('the photo table', () => {
  it('says what SQL says of every list and count, whatever has changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async steps => {
        const { db, close } = await newDatabase()
        addClasses(db, 'cat', 'dog')
        const history = createHistory(db, now)
        const lists = createPhotoLists(db)
        const library = { id: '', name: '', db, paths: { folder: '', runs: '', cache: '', imports: '', looked: '' } }
        for (const step of steps) {
          perform(db, history, step)
          expect(summarise(library, history, lists)).toMatchObject(recount(db))
          for (const filter of filters) {
            const where = filterSql(db, filter, predictionRun(db, filter))
            expect(lists.page({ filter, sort: 'added', offset: 0, limit: 1000 }).ids, JSON.stringify(filter)).toEqual(
              db.values<number>(`SELECT photo.id FROM photo WHERE ${where.sql} ORDER BY photo.id`, ...where.params),
            )
          }
        }
        close()
      }),
      { numRuns: 25 },
    )
  })
})

describe('photos of the split that a run gave them', () => {
  it('are found though they have no split of their own', async () => {
    const { db, close } = await newDatabase()
    const [first, second, third] = addPhotos(db, [{ split: 'train' }, {}, {}])
    db.run(
      "INSERT INTO run (id, name, state, created_at, settings_json, label_revision, classes_json) VALUES (7, 'Run 7', 'done', 'now', '{}', 0, '[]')",
    )
    for (const [row, id] of [first, second, third].entries())
      db.run(
        'INSERT INTO run_row (run_id, row, photo_id, label, split) VALUES (7, ?, ?, 0, ?)',
        row,
        id!,
        row === 0 ? 0 : 1,
      )
    const page = (filter: PhotoFilter) => createPhotoLists(db).page({ filter, sort: 'added', offset: 0, limit: 10 }).ids
    expect(page({ runId: 7, runSplit: 'validation' })).toEqual([second, third])
    expect(page({ runId: 7, runSplit: 'train' })).toEqual([first])
    const where = filterSql(db, { runId: 7, runSplit: 'validation' }, 7)
    expect(db.values<number>(`SELECT photo.id FROM photo WHERE ${where.sql}`, ...where.params)).toEqual([second, third])
    close()
  })
})

describe('an accepted problem', () => {
  it('leaves the lists and counts, stays away when it is found again, and comes back when that is taken back', async () => {
    const { db, close } = await newDatabase()
    addPhotos(
      db,
      Array.from({ length: 30 }, () => ({})),
    )
    const flag = (id: number, kind: string) =>
      db.run("INSERT INTO problem (photo_id, code, reason) VALUES (?, ?, 'because')", id, kind)
    flag(1, 'dark')
    flag(1, 'blurry')
    flag(2, 'dark')
    const history = createHistory(db, now)
    const lists = createPhotoLists(db)
    const dark = () => lists.page({ filter: { problem: 'dark' }, sort: 'added', offset: 0, limit: 10 }).ids
    expect(history.accept({ ids: [1, 3] }, 'dark', true)).toMatchObject({
      changed: 1,
      kind: 'accept',
      values: { problem: 'dark' },
      text: '1 photo accepted in spite of "dark"',
    })
    expect(history.accept({ ids: [1] }, 'dark', true).changed).toBe(0)
    expect(dark()).toEqual([2])
    expect(problemCounts(db)).toEqual([
      { code: 'blurry', photos: 1, property: false },
      { code: 'dark', photos: 1, property: false },
    ])
    expect(photoDetail(db, 1)).toMatchObject({ problems: [{ code: 'blurry' }, { code: 'dark', accepted: true }] })
    expect(photoDetail(db, 1).problems[0]).not.toHaveProperty('accepted')
    db.run("DELETE FROM problem WHERE code = 'dark'")
    flag(1, 'dark')
    expect(dark()).toEqual([])
    history.accept({ filter: {} }, 'blurry', true)
    expect(photoDetail(db, 1).history.map(({ text }) => text)).toEqual([
      'Imported without a label',
      'Accepted in spite of "dark"',
      'Accepted in spite of "blurry"',
    ])
    history.undo()
    expect(history.undo().text).toBe('Undone: 1 photo accepted in spite of "dark"')
    expect(dark()).toEqual([1])
    history.redo()
    expect(history.accept({ ids: [1] }, 'dark', false)).toMatchObject({ changed: 1, kind: 'unaccept' })
    expect(dark()).toEqual([1])
    close()
  })
})
