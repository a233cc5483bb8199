// Which photos a list shows, in order: of all photos in an order that labels do not change, those that meet the filter
// are kept by walking the columns of the photo table; then labels order what is left. A list is kept until the file
// changes, so that scrolling makes it once.

import type { PhotoFilter, PhotoSort } from '../../../contract/records.ts'
import type { WriteDb } from '../../db/database.ts'
import { listClasses } from './classes.ts'
import { inRunSplit, predictionRun, runSplits } from './filter.ts'
import { createRunAnswers, type RunAnswers, type RunAnswersReader } from './photo-predictions.ts'
import {
  createPhotoTable,
  excluded,
  problemBit,
  splitCodes,
  usable,
  type PhotoColumns,
  type PhotoTable,
} from './photo-table.ts'
import { createPhotoTexts } from './photo-texts.ts'
import { singleProblems } from './problem-counts.ts'

export interface PhotoQuery {
  readonly filter: PhotoFilter
  readonly sort: PhotoSort
  readonly offset: number
  readonly limit: number
}

type ListQuery = Pick<PhotoQuery, 'filter' | 'sort'>

export interface PhotoLists {
  /** Ids of the photos from `offset` on, at most `limit`, and how many there are in all. */
  page(query: PhotoQuery): { readonly total: number; readonly ids: readonly number[] }
  /** The index of a photo in the whole list; null where it is not in it. */
  place(query: ListQuery & { readonly photoId: number }): number | null
  readonly table: PhotoTable
  readonly answers: RunAnswersReader
}

const keptLists = 8

/** What is kept lives as long as what is returned. */
export function createPhotoLists(db: WriteDb): PhotoLists {
  const table = createPhotoTable(db)
  const answers = createRunAnswers(db)
  const texts = createPhotoTexts(db)
  const lists = createKept<Uint32Array>()
  const orders = createKept<Uint32Array>()

  /** All photos in an order that labels do not change; kept until photos or predictions come. */
  function orderOf(sort: PhotoSort, columns: PhotoColumns, run: RunAnswers | null): Uint32Array {
    const predicted = sort === 'confidence' ? run?.byConfidence : sort === 'suspicion' ? run?.byGiven : undefined
    if (run && predicted)
      return orders.get(columns.members, `${sort} ${run.reading}`, () => withSilent(predicted(), columns, run))
    if (sort !== 'name') return byId(columns)
    return orders.get(columns.members, sort, () =>
      Uint32Array.from(db.values<number>('SELECT id FROM photo ORDER BY name, id')),
    )
  }

  function listOf({ filter, sort }: ListQuery, columns: PhotoColumns): Uint32Array {
    const runId = predictionRun(db, filter)
    return lists.get(columns.version, JSON.stringify([filter, sort, runId]), () => {
      const run = runId === null || !needsRun(filter, sort) ? null : answers.read(runId, columns.last)
      const found = filter.text === undefined ? null : texts.find(filter.text, columns)
      const list = kept(orderOf(sort, columns, run), testsOf(db, filter, columns, run, found))
      if (sort === 'class')
        return byClass(
          list,
          columns,
          listClasses(db, () => 0).map(({ id }) => id),
        )
      return sort === 'suspicion' && run ? answeredLast(list, columns, run) : list
    })
  }

  return {
    table,
    answers,
    page(query) {
      const list = listOf(query, table.read())
      return { total: list.length, ids: [...list.subarray(query.offset, query.offset + query.limit)] }
    },
    place(query) {
      const index = listOf(query, table.read()).indexOf(query.photoId)
      return index < 0 ? null : index
    },
  }
}

function createKept<T>() {
  const values = new Map<string, T>()
  let seen = -1
  return {
    /** Forgets everything when the version is another than at the last call. */
    get(version: number, key: string, make: () => T): T {
      if (version !== seen) values.clear()
      seen = version
      const value = values.get(key) ?? make()
      values.delete(key)
      values.set(key, value)
      if (values.size > keptLists) values.delete(values.keys().next().value!)
      return value
    },
  }
}

function needsRun(
  { wrong, givenClassId, predictedClassId, confidenceFrom, confidenceBelow }: PhotoFilter,
  sort: PhotoSort,
): boolean {
  return (
    [wrong, givenClassId, predictedClassId, confidenceFrom, confidenceBelow].some(value => value !== undefined) ||
    sort === 'confidence' ||
    sort === 'suspicion'
  )
}

type Test = (id: number) => boolean

/** One for each condition of the filter; what filter.ts says in SQL. */
function testsOf(
  db: WriteDb,
  filter: PhotoFilter,
  columns: PhotoColumns,
  run: RunAnswers | null,
  found: Uint8Array | null,
): Test[] {
  const { states, classIds, splits, problems } = columns
  const tests: Test[] = []
  if (filter.classId !== undefined) tests.push(same(classIds, filter.classId ?? 0))
  if (filter.split !== undefined) tests.push(same(splits, splitCodes.indexOf(filter.split)))
  if (filter.excluded !== undefined) tests.push(bits(states, excluded, filter.excluded))
  if (filter.usable !== undefined) tests.push(bits(states, usable, filter.usable))
  if (filter.problem !== undefined)
    tests.push(bits(problems, filter.problem === 'any' ? singleBits(db) : problemBit(filter.problem), true))
  if (found) tests.push(id => found[id] === 1)
  if (filter.wrong !== undefined) tests.push(run ? wrongTest(classIds, run.classIds, filter.wrong) : () => false)
  if (filter.givenClassId !== undefined) tests.push(run ? same(run.givenIds, filter.givenClassId) : () => false)
  if (filter.predictedClassId !== undefined) tests.push(run ? same(run.classIds, filter.predictedClassId) : () => false)
  if (filter.confidenceFrom !== undefined || filter.confidenceBelow !== undefined)
    tests.push(run ? surenessTest(run, filter) : () => false)
  if (filter.runSplit !== undefined)
    tests.push(member(db.values<number>(inRunSplit, predictionRun(db, filter), runSplits.indexOf(filter.runSplit))))
  return tests
}

function member(ids: readonly number[]): Test {
  const known = new Set(ids)
  return id => known.has(id)
}

function same(column: Uint32Array | Uint8Array, value: number): Test {
  return id => column[id] === value
}

function bits(column: Uint32Array | Uint8Array, mask: number, set: boolean): Test {
  return id => ((column[id]! & mask) !== 0) === set
}

function wrongTest(classIds: Uint32Array, answers: Uint32Array, wrong: boolean): Test {
  return id => classIds[id] !== 0 && answers[id] !== 0 && (classIds[id] !== answers[id]) === wrong
}

function surenessTest(
  { classIds, confidences }: RunAnswers,
  { confidenceFrom = 0, confidenceBelow = Infinity }: PhotoFilter,
): Test {
  const column = confidences()
  return id => classIds[id] !== 0 && column[id]! >= confidenceFrom && column[id]! < confidenceBelow
}

/** The kinds that are problems of single photos. */
export function singleBits(db: WriteDb): number {
  return singleProblems(db).reduce((mask, code) => mask | problemBit(code), 0)
}

/** Of `order`, those that pass all tests, one test after the other. */
function kept(order: Uint32Array, tests: readonly Test[]): Uint32Array {
  return tests.reduce((list, test) => {
    const passed = new Uint32Array(list.length)
    let length = 0
    for (let i = 0; i < list.length; i++) if (test(list[i]!)) passed[length++] = list[i]!
    return passed.subarray(0, length)
  }, order)
}

function byId({ states, last }: PhotoColumns): Uint32Array {
  const ids = new Uint32Array(last)
  let count = 0
  for (let id = 1; id <= last; id++) if (states[id] !== 0) ids[count++] = id
  return ids.subarray(0, count)
}

/** In the order of `classes`, photos without one last; otherwise as they are. */
function byClass(ids: Uint32Array, { classIds }: PhotoColumns, classes: readonly number[]): Uint32Array {
  const ranks = new Uint32Array(classes.reduce((most, id) => Math.max(most, id), 0) + 1).fill(classes.length)
  classes.forEach((id, rank) => void (ranks[id] = rank))
  const places = new Uint32Array(classes.length + 2)
  for (let i = 0; i < ids.length; i++) places[ranks[classIds[ids[i]!]!]! + 1]!++
  for (let rank = 0; rank <= classes.length; rank++) places[rank + 1]! += places[rank]!
  const sorted = new Uint32Array(ids.length)
  for (let i = 0; i < ids.length; i++) sorted[places[ranks[classIds[ids[i]!]!]!]!++] = ids[i]!
  return sorted
}

/** The photos that the run answered, in the order given, then those without an answer. */
function withSilent(predicted: Uint32Array, columns: PhotoColumns, { classIds }: RunAnswers): Uint32Array {
  const silent = byId(columns).filter(id => classIds[id] === 0)
  const ids = new Uint32Array(predicted.length + silent.length)
  ids.set(predicted)
  ids.set(silent, predicted.length)
  return ids
}

/** Suspects whose label was changed since the run are answered: they come after the others, before photos without a
 *  prediction. */
function answeredLast(ids: Uint32Array, columns: PhotoColumns, { classIds, givenIds }: RunAnswers): Uint32Array {
  const sorted = new Uint32Array(ids.length)
  const answered: number[] = []
  let length = 0
  let i = 0
  for (; i < ids.length && classIds[ids[i]!] !== 0; i++) {
    if (givenIds[ids[i]!] === columns.classIds[ids[i]!]) sorted[length++] = ids[i]!
    else answered.push(ids[i]!)
  }
  sorted.set(answered, length)
  sorted.set(ids.subarray(i), i)
  return sorted
}
