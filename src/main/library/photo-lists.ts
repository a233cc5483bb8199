// Which photos a list shows, in order. By date or name, a page is read straight from an index. For the other sorts and for filters that
// the indexes do not answer, the order of all photos and the members of the filter are put together once and kept until the
// file changes, so that scrolling reads nothing twice.

import type { PhotoFilter, PhotoSort } from '../../contract/records.ts'
import type { ReadDb } from '../db/database.ts'
import { filterSql, labelsBesideAnswers, predictionRun, type SqlPart } from './filter.ts'
import { listClasses } from './classes.ts'

export interface PhotoQuery {
  readonly filter: PhotoFilter
  readonly sort: PhotoSort
  readonly offset: number
  readonly limit: number
}

export interface PhotoLists {
  /** Ids of the photos from `offset` on, at most `limit`, and how many there are in all. */
  page(query: PhotoQuery): { readonly total: number; readonly ids: readonly number[] }
}

const keptLists = 8

/** What is kept lives as long as what is returned; a change of the file by this process forgets it. */
export function createPhotoLists(db: ReadDb): PhotoLists {
  const kept = createKept()
  const whole = ({ filter, sort }: PhotoQuery, runId: number | null) => kept.list(JSON.stringify([filter, sort, runId]), () => {
    const order = kept.list(JSON.stringify([sort, runId]), () => readOrder(db, sort, runId))
    const members = readMembers(db, filterSql(db, filter, runId))
    return order.filter(id => members[id] === 1)
  })
  return {
    page(query) {
      kept.refresh(db.value<number>('SELECT total_changes()')!)
      const { filter, sort, offset, limit } = query
      const runId = predictionRun(db, filter)
      const order = indexOrders[sort]
      if (order === undefined || isDear(filter, sort)) {
        const list = whole(query, runId)
        return { total: list.length, ids: [...list.subarray(offset, offset + limit)] }
      }
      const where = filterSql(db, filter, runId)
      const total = kept.total(JSON.stringify([filter, runId]), () => db.value<number>(`SELECT count(*) FROM photo WHERE ${where.sql}`, ...where.params)!)
      return { total, ids: db.values<number>(`SELECT photo.id FROM photo WHERE ${where.sql} ORDER BY ${order} LIMIT ? OFFSET ?`, ...where.params, limit, offset) }
    },
  }
}

interface Kept {
  /** Forgets everything when the file has changed since the last call. */
  refresh(changes: number): void
  list(key: string, make: () => Uint32Array): Uint32Array
  total(key: string, make: () => number): number
}

function createKept(): Kept {
  const lists = new Map<string, Uint32Array>()
  const totals = new Map<string, number>()
  let seen = -1
  return {
    refresh(changes) {
      if (changes === seen) return
      seen = changes
      lists.clear()
      totals.clear()
    },
    list(key, make) {
      const list = lists.get(key) ?? make()
      lists.delete(key)
      lists.set(key, list)
      if (lists.size > keptLists) lists.delete(lists.keys().next().value!)
      return list
    },
    total(key, make) {
      const total = totals.get(key) ?? make()
      totals.set(key, total)
      return total
    },
  }
}

/** Filters that the index of the sort cannot answer as it goes: those on other tables, and by name all. */
function isDear(filter: PhotoFilter, sort: PhotoSort): boolean {
  const { wrong, text, problem, predictedClassId } = filter
  return [wrong, text, problem, predictedClassId].some(value => value !== undefined)
    || (sort === 'name' && Object.values(filter).some(value => value !== undefined))
}

/** Sorts that an index of `photo` has ready. */
const indexOrders: Partial<Record<PhotoSort, string>> = { added: 'photo.id', name: 'photo.name, photo.id' }

/** One byte an id: 1 where the photo meets the condition. */
function readMembers(db: ReadDb, where: SqlPart): Uint8Array {
  const members = new Uint8Array((db.value<number | null>('SELECT max(id) FROM photo') ?? 0) + 1)
  for (const id of db.values<number>(`SELECT photo.id FROM photo WHERE ${where.sql}`, ...where.params)) members[id] = 1
  return members
}

/** All photos of the library in this order. */
function readOrder(db: ReadDb, sort: PhotoSort, runId: number | null): Uint32Array {
  if (sort === 'class') return Uint32Array.from(byClass(db))
  if (sort === 'confidence' || sort === 'suspicion') return Uint32Array.from(byPrediction(db, sort, runId))
  return Uint32Array.from(db.values<number>(`SELECT photo.id FROM photo ORDER BY ${indexOrders[sort]}`))
}

/** Classes by name, photos without one last. */
function byClass(db: ReadDb): number[] {
  const classes = [...listClasses(db, () => 0).map(({ id }) => id), null]
  return classes.flatMap(id => db.values<number>('SELECT id FROM photo WHERE class_id IS ? ORDER BY id', id))
}

/**
 * Confidence: the surest first. Suspicion: the least probable label first; where the label has been changed since the run, it is
 * answered and comes after the others. Photos without a prediction come last.
 */
function byPrediction(db: ReadDb, sort: 'confidence' | 'suspicion', runId: number | null): number[] {
  const order = sort === 'confidence' ? 'confidence DESC' : 'given_probability'
  const predicted = db.values<number>(`SELECT photo_id FROM prediction WHERE run_id = ? ORDER BY ${order}, photo_id`, runId)
  const known = new Set(predicted)
  const rest = db.values<number>('SELECT id FROM photo ORDER BY id').filter(id => !known.has(id))
  if (sort === 'confidence') return [...predicted, ...rest]
  const answered = new Set(db.values<number>(`SELECT labelled.id FROM ${labelsBesideAnswers} WHERE given_class_id IS NOT labelled.class_id`, runId))
  return [...predicted.filter(id => !answered.has(id)), ...predicted.filter(id => answered.has(id)), ...rest]
}
