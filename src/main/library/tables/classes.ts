// The classes of a library as they are read: their list, one's name, and whether a name is free.

import type { ClassRecord } from '../../../contract/records.ts'
import { ServiceError } from '../../../contract/errors.ts'
import { hasHiddenSigns, hiddenSigns } from '../../common/hidden-signs.ts'
import type { ReadDb } from '../../db/database.ts'

const byName = new Intl.Collator(undefined, { numeric: true }).compare

/** By name. `photosOf` defaults to counting in the file. */
export function listClasses(db: ReadDb, photosOf?: (classId: number) => number): ClassRecord[] {
  const count = photosOf ?? ((id: number) => db.value<number>('SELECT count(*) FROM photo WHERE class_id = ?', id)!)
  return db
    .all<{ id: number; name: string }>('SELECT id, name FROM class WHERE deleted = 0')
    .sort((a, b) => byName(a.name, b.name))
    .map(({ id, name }) => ({ id, name, photos: count(id) }))
}

/** ServiceError 'no-class' for an id that is no class of this library, or not any more. */
export function nameOfClass(db: ReadDb, id: number): string {
  const name = db.value<string>('SELECT name FROM class WHERE id = ? AND deleted = 0', id)
  if (name === undefined)
    throw new ServiceError('no-class', `There is no class ${id} in this library.`, 'Reload the list of classes.')
  return name
}

/** In NFC, without spaces around. ServiceError 'bad-name', or 'class-exists' where another class than `own` has that
 *  name. */
export function checkClassName(db: ReadDb, name: string, own?: number): string {
  const clean = name.normalize('NFC').trim()
  if (clean === '') throw new ServiceError('bad-name', 'A class needs a name.', 'Type at least one letter.')
  if (hasHiddenSigns(clean)) throw hiddenSigns('class')
  if (
    db.value('SELECT id FROM class WHERE name = ? AND deleted = 0 AND id IS NOT ?', clean, own ?? null) !== undefined
  ) {
    throw new ServiceError(
      'class-exists',
      `There is already a class "${clean}".`,
      'Use that one, merge the two, or choose another name.',
    )
  }
  return clean
}
