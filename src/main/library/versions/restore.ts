// Going back to a version as one decision, which undo takes back: labels, splits and exclusions become what they were, classes
// that were deleted or renamed since come back, and photos that came since are excluded. Photos that are gone stay gone.

import type { Decision } from '../../../contract/records.ts'
import type { ReadDb, SqlValue } from '../../db/database.ts'
import type { ClassChange } from '../decisions/classes.ts'
import type { FieldChange } from '../decisions/decision-groups.ts'
import type { History } from '../decisions/history.ts'
import { getVersion } from './versions.ts'

/** ServiceError 'no-version'. */
export function restoreVersion(db: ReadDb, history: History, versionId: number): Decision {
  const { name } = getVersion(db, versionId)
  return history.restore(name, {
    classes: classesOf(db, versionId),
    fields: [
      fieldOf(db, versionId, 'class', 'class_id'),
      fieldOf(db, versionId, 'split', 'split'),
      exclusions(db, versionId),
    ],
  })
}

function classesOf(db: ReadDb, versionId: number): ClassChange[] {
  return db
    .all<{ id: number; name: string }>('SELECT class_id AS id, name FROM version_class WHERE version_id = ?', versionId)
    .flatMap(({ id, name }): ClassChange[] => [
      { id, field: 'deleted', after: '0' },
      { id, field: 'merged_into', after: null },
      { id, field: 'name', after: name },
    ])
}

interface ValueOfPhoto {
  readonly id: number
  readonly value: SqlValue
}

function fieldOf(db: ReadDb, versionId: number, field: 'class' | 'split', column: 'class_id' | 'split'): FieldChange {
  const rows = db.all<ValueOfPhoto>(
    `SELECT photo.id, version_photo.${column} AS value FROM photo JOIN version_photo ON photo_id = photo.id
     WHERE version_id = ? AND photo.${column} IS NOT version_photo.${column}`,
    versionId,
  )
  return { field, parts: partsOf(rows) }
}

function exclusions(db: ReadDb, versionId: number): FieldChange {
  const rows = db.all<ValueOfPhoto>(
    `SELECT photo.id, coalesce(version_photo.excluded, 1) AS value FROM photo
     LEFT JOIN version_photo ON photo_id = photo.id AND version_id = ?
     WHERE photo.excluded IS NOT coalesce(version_photo.excluded, 1)`,
    versionId,
  )
  return { field: 'excluded', parts: partsOf(rows) }
}

function partsOf(rows: readonly ValueOfPhoto[]): FieldChange['parts'] {
  const byValue = Map.groupBy(rows, ({ value }) => value)
  return [...byValue].map(([value, own]) => ({ value, selection: { ids: own.map(({ id }) => id) } }))
}
