// Names for the data set as it is: which photos, with which labels, splits and exclusions. A version is a copy of a few columns,
// so that it holds whatever is decided later.

import { ServiceError } from '../../../contract/errors.ts'
import type { DatasetVersion } from '../../../contract/records.ts'
import { hasHiddenSigns, hiddenSigns } from '../../common/hidden-signs.ts'
import type { ReadDb, WriteDb } from '../../db/database.ts'
import { labelRevision } from '../decisions/history.ts'

/** Newest first. */
export function listVersions(db: ReadDb): DatasetVersion[] {
  return db
    .all<Omit<DatasetVersion, 'runs'>>(`SELECT ${shown} FROM version ORDER BY id DESC`)
    .map(version => withRuns(db, version))
}

const shown = `id, name, at, label_revision AS labelRevision,
  (SELECT count(*) FROM version_photo WHERE version_id = version.id) AS photos,
  (SELECT count(*) FROM version_photo WHERE version_id = version.id AND excluded = 1) AS excluded,
  (SELECT count(*) FROM version_class WHERE version_id = version.id) AS classes`

/** The runs that learnt from exactly these labels. */
function withRuns(db: ReadDb, version: Omit<DatasetVersion, 'runs'>): DatasetVersion {
  return {
    ...version,
    runs: db.values<number>('SELECT id FROM run WHERE label_revision = ? ORDER BY id', version.labelRevision),
  }
}

/** ServiceError 'no-version'. */
export function getVersion(db: ReadDb, versionId: number): DatasetVersion {
  const version = db.get<Omit<DatasetVersion, 'runs'>>(`SELECT ${shown} FROM version WHERE id = ?`, versionId)
  if (version) return withRuns(db, version)
  throw new ServiceError(
    'no-version',
    `There is no version ${versionId} of this data set.`,
    'Choose one of those that are listed.',
  )
}

/** Keeps the data set as it is now under a name. ServiceError 'bad-name', 'version-exists'. */
export function saveVersion(db: WriteDb, typed: string, at: string): DatasetVersion {
  const name = checkName(db, typed)
  const id = db.transaction(() => {
    const { lastId } = db.run(
      'INSERT INTO version (name, at, label_revision) VALUES (?, ?, ?)',
      name,
      at,
      labelRevision(db),
    )
    db.run(
      `INSERT INTO version_photo (version_id, photo_id, class_id, split, excluded, sha256)
       SELECT ?, id, class_id, split, excluded, sha256 FROM photo`,
      lastId,
    )
    db.run(
      `INSERT INTO version_class (version_id, class_id, name)
       SELECT ?, id, name FROM class WHERE id IN (SELECT class_id FROM version_photo WHERE version_id = ?)`,
      lastId,
      lastId,
    )
    return lastId
  })
  return getVersion(db, id)
}

function checkName(db: ReadDb, typed: string): string {
  const name = typed.normalize('NFC').trim()
  if (name === '')
    throw new ServiceError('bad-name', 'A version needs a name with at least one letter.', 'Type a name.')
  if (hasHiddenSigns(name)) throw hiddenSigns('version')
  if (db.value('SELECT 1 FROM version WHERE name = ?', name) === undefined) return name
  throw new ServiceError(
    'version-exists',
    `There is a version "${name}" already.`,
    'Choose another name, or delete that one first.',
  )
}

/** The data set itself stays as it is. ServiceError 'no-version'. */
export function deleteVersion(db: WriteDb, versionId: number): void {
  getVersion(db, versionId)
  db.run('DELETE FROM version WHERE id = ?', versionId)
}
