// The library in numbers: what the page's head, the class list and the check report show.

import type { LibrarySummary } from '../../contract/records.ts'
import type { ReadDb } from '../db/database.ts'
import { listClasses } from './classes.ts'
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
