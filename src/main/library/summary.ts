// The library in numbers: what the page's head, the class list and the check report show.

import type { ClassRecord, LibrarySummary } from '../../contract/records.ts'
import { ServiceError } from '../../contract/errors.ts'
import type { ReadDb, WriteDb } from '../db/database.ts'
import type { OpenLibrary } from './context.ts'
import { labelsBesideAnswers, predictionRun } from './filter.ts'
import { labelRevision, type History } from './history.ts'
import { singleProblems } from './problems.ts'

interface StateCount {
  readonly class_id: number | null
  readonly split: 'train' | 'validation' | 'test' | null
  readonly excluded: number
  readonly usable: number
  readonly photos: number
}

/** Everything but the name comes from the file; one pass over an index of photos. */
export function summarise(library: OpenLibrary, history: History): LibrarySummary {
  const { db } = library
  const counts = db.all<StateCount>('SELECT class_id, split, excluded, usable, count(*) AS photos FROM photo GROUP BY class_id, split, excluded, usable')
  const sum = (test: (count: StateCount) => boolean) => counts.reduce((all, count) => test(count) ? all + count.photos : all, 0)
  return {
    id: library.id,
    name: library.name,
    photos: sum(() => true),
    broken: sum(count => count.usable === 0),
    excluded: sum(count => count.excluded === 1),
    unlabelled: sum(count => count.class_id === null),
    withProblems: countWithProblems(db),
    classes: listClasses(db, id => sum(count => count.class_id === id)),
    splits: {
      train: sum(count => count.split === 'train'),
      validation: sum(count => count.split === 'validation'),
      test: sum(count => count.split === 'test'),
      none: sum(count => count.split === null),
    },
    runs: db.value<number>('SELECT count(*) FROM run')!,
    wrong: countWrong(db),
    labelRevision: labelRevision(db),
    ...history.next(),
  }
}

function countWithProblems(db: ReadDb): number {
  return db.value<number>('SELECT count(DISTINCT photo_id) FROM problem WHERE code IN (SELECT value FROM json_each(?))', JSON.stringify(singleProblems(db)))!
}

/** Photos in use whose label is not what the latest run says. */
function countWrong(db: ReadDb): number {
  return db.value<number>(
    `SELECT count(*) FROM ${labelsBesideAnswers} WHERE labelled.class_id <> prediction.class_id AND labelled.excluded = 0`, predictionRun(db, {}))!
}

/** By name. `photosOf` defaults to counting in the file. */
export function listClasses(db: ReadDb, photosOf?: (classId: number) => number): ClassRecord[] {
  const count = photosOf ?? ((id: number) => db.value<number>('SELECT count(*) FROM photo WHERE class_id = ?', id)!)
  return db.all<{ id: number; name: string }>('SELECT id, name FROM class').sort((a, b) => byName(a.name, b.name))
    .map(({ id, name }) => ({ id, name, photos: count(id) }))
}

const byName = new Intl.Collator(undefined, { numeric: true }).compare

/** A new class; ServiceError 'class-exists' where the library has one of that name (compared in NFC). */
export function createClass(db: WriteDb, name: string, at: string): ClassRecord {
  const clean = name.normalize('NFC').trim()
  if (clean === '') throw new ServiceError('bad-name', 'A class needs a name.', 'Type at least one letter.')
  if (db.value('SELECT id FROM class WHERE name = ?', clean) !== undefined) {
    throw new ServiceError('class-exists', `There is already a class "${clean}".`, 'Use that one, or choose another name.')
  }
  return { id: db.run('INSERT INTO class (name, created_at) VALUES (?, ?)', clean, at).lastId, name: clean, photos: 0 }
}
