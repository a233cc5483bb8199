// The library in numbers: what the page's head, the class list and the check report show. Counted from the photo table,
// which is one walk through memory for a million photos.

import type { LibrarySummary } from '../../../contract/records.ts'
import type { LibraryFiles } from '../context.ts'
import { listClasses } from '../tables/classes.ts'
import { predictionRun } from '../tables/filter.ts'
import { labelRevision, type History } from '../decisions/history.ts'
import { countRunSplits } from './run-splits.ts'
import { singleBits, type PhotoLists } from '../tables/photo-lists.ts'
import { excluded, present, splitCodes, usable, type PhotoColumns } from '../tables/photo-table.ts'

/** Everything but the name comes from the file. */
export function summarise(
  library: LibraryFiles,
  history: History,
  lists: Pick<PhotoLists, 'table' | 'answers'>,
): LibrarySummary {
  const { db } = library
  const columns = lists.table.read()
  const { photos, broken, excludedPhotos, withProblems, byClass, bySplit } = count(columns, singleBits(db))
  const runId = predictionRun(db, {})
  return {
    id: library.id,
    name: library.name,
    photos,
    broken,
    excluded: excludedPhotos,
    unlabelled: byClass.get(0) ?? 0,
    withProblems,
    classes: listClasses(db, id => byClass.get(id) ?? 0),
    splits: { train: bySplit.train, validation: bySplit.validation, test: bySplit.test, none: bySplit.none },
    runSplits: countRunSplits(db),
    runs: db.value<number>('SELECT count(*) FROM run')!,
    wrong: runId === null ? 0 : countWrong(columns, lists.answers.read(runId, columns.last).classIds),
    labelRevision: labelRevision(db),
    ...history.next(),
  }
}

interface PhotoCounts {
  readonly photos: number
  readonly broken: number
  readonly excludedPhotos: number
  readonly withProblems: number
  /** 0: without a class. */
  readonly byClass: ReadonlyMap<number, number>
  readonly bySplit: LibrarySummary['splits']
}

function count({ last, states, classIds, splits, problems }: PhotoColumns, single: number): PhotoCounts {
  const [byState, bySplit, byClass] = [
    new Uint32Array(8),
    new Uint32Array(splitCodes.length),
    new Uint32Array(2 + classIds.reduce((most, id) => Math.max(most, id), 0)),
  ]
  let withProblems = 0
  for (let id = 1; id <= last; id++) {
    const state = states[id]!
    if (state === 0) continue
    byState[state]!++
    bySplit[splits[id]!]!++
    byClass[classIds[id]!]!++
    if ((problems[id]! & single) !== 0) withProblems++
  }
  const having = (bit: number, wanted: number) =>
    byState.reduce(
      (sum, photos, state) => ((state & present) !== 0 && (state & bit) === wanted ? sum + photos : sum),
      0,
    )
  const [none, train, validation, test] = bySplit as unknown as [number, number, number, number]
  return {
    photos: having(0, 0),
    broken: having(usable, 0),
    excludedPhotos: having(excluded, excluded),
    withProblems,
    byClass: new Map([...byClass].entries()),
    bySplit: { train, validation, test, none },
  }
}

/** Photos in use whose label is not what the run says. */
function countWrong({ last, states, classIds }: PhotoColumns, answers: Uint32Array): number {
  let wrong = 0
  for (let id = 1; id <= last; id++) {
    if (answers[id] !== 0 && classIds[id] !== 0 && answers[id] !== classIds[id] && (states[id]! & excluded) === 0)
      wrong++
  }
  return wrong
}
