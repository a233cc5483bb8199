// What differs between two versions of the data set, or a version and now: photos that came or went, were excluded or taken in
// again, got another label or split; by class.

import type { VersionDifference } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'
import { getVersion } from './versions.ts'

/** At most so many photos are named of each kind. */
const mostNamed = 1000

interface Side {
  /** Rows (photo_id, class_id, split, excluded) as SQL. */
  readonly photos: string
  readonly name: (classId: number) => string
}

interface ChangedRow {
  readonly id: number
  readonly was: number | null
  readonly now: number | null
  readonly wasExcluded: number | null
  readonly nowExcluded: number | null
  readonly wasSplit: string | null
  readonly nowSplit: string | null
}

/** `to` null: as it is now. ServiceError 'no-version'. */
export function versionDifference(db: ReadDb, from: number, to: number | null): VersionDifference {
  const [before, after] = [sideOf(db, from), to === null ? sideOfNow(db) : sideOf(db, to)]
  const rows = db.all<ChangedRow>(changes(before.photos, after.photos))
  const kinds = { added: [], removed: [], excluded: [], included: [], relabelled: [], moved: [] } as Kinds
  for (const row of rows) for (const kind of kindsOf(row)) kinds[kind].push(row)
  const named = (own: readonly ChangedRow[]) => ({
    photos: own.length,
    photoIds: own.slice(0, mostNamed).map(({ id }) => id),
  })
  return {
    added: named(kinds.added),
    removed: named(kinds.removed),
    excluded: named(kinds.excluded),
    included: named(kinds.included),
    relabelled: named(kinds.relabelled),
    moved: named(kinds.moved),
    relabels: relabelsOf(kinds.relabelled, before, after),
  }
}

type Kinds = Record<'added' | 'removed' | 'excluded' | 'included' | 'relabelled' | 'moved', ChangedRow[]>

function kindsOf(row: ChangedRow): (keyof Kinds)[] {
  if (row.wasExcluded === null) return ['added']
  if (row.nowExcluded === null) return ['removed']
  return [
    ...(row.wasExcluded < row.nowExcluded ? (['excluded'] as const) : []),
    ...(row.wasExcluded > row.nowExcluded ? (['included'] as const) : []),
    ...(row.was !== row.now ? (['relabelled'] as const) : []),
    ...(row.wasSplit !== row.nowSplit ? (['moved'] as const) : []),
  ]
}

function sideOf(db: ReadDb, versionId: number): Side {
  const { id } = getVersion(db, versionId)
  const names = namesOf(db, `SELECT class_id AS id, name FROM version_class WHERE version_id = ${id}`)
  return { photos: `(SELECT * FROM version_photo WHERE version_id = ${id})`, name: classId => names.get(classId) ?? '' }
}

function sideOfNow(db: ReadDb): Side {
  const names = namesOf(db, 'SELECT id, name FROM class')
  const photos = '(SELECT id AS photo_id, class_id, split, excluded FROM photo)'
  return { photos, name: classId => names.get(classId) ?? '' }
}

function namesOf(db: ReadDb, sql: string): ReadonlyMap<number, string> {
  return new Map(db.all<{ id: number; name: string }>(sql).map(({ id, name }) => [id, name]))
}

/** Rows of photos that are not the same on both sides. */
function changes(before: string, after: string): string {
  return `SELECT coalesce(a.photo_id, b.photo_id) AS id, a.class_id AS was, b.class_id AS now, a.excluded AS wasExcluded,
      b.excluded AS nowExcluded, a.split AS wasSplit, b.split AS nowSplit
    FROM ${before} AS a FULL JOIN ${after} AS b USING (photo_id)
    WHERE a.excluded IS NOT b.excluded OR a.class_id IS NOT b.class_id OR a.split IS NOT b.split ORDER BY id`
}

/** From which class to which, the most frequent first; '' without a label. */
function relabelsOf(rows: readonly ChangedRow[], before: Side, after: Side): VersionDifference['relabels'] {
  const nameOf = (side: Side, classId: number | null) => (classId === null ? '' : side.name(classId))
  const pairs = Map.groupBy(rows, ({ was, now }) => `${was} ${now}`)
  return [...pairs.values()]
    .map(own => ({ was: nameOf(before, own[0]!.was), now: nameOf(after, own[0]!.now), photos: own.length }))
    .toSorted((a, b) => b.photos - a.photos || (a.was < b.was ? -1 : 1))
}
