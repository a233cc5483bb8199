// The decisions about one photo, oldest first, in words and as kind with values.

import type { PhotoDetail } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'

type PhotoHistoryEntry = PhotoDetail['history'][number]

interface PhotoHistoryRow {
  readonly at: string
  readonly group_kind: string
  readonly field: 'class' | 'excluded' | 'split' | 'keeper' | 'accepted'
  readonly before: string | null
  readonly after: string | null
}

/** Begins with the import; an undo reads as the change it makes, with its kind in `values.by`. */
export function photoHistory(db: ReadDb, photoId: number): PhotoHistoryEntry[] {
  const names = new Map(
    db.all<{ id: number; name: string }>('SELECT id, name FROM class').map(({ id, name }) => [String(id), name]),
  )
  const rows = db.all<PhotoHistoryRow>(
    `
    SELECT at, decision_group.kind AS group_kind, field, before, after FROM decision JOIN decision_group ON decision_group.id = group_id
    WHERE photo_id = ? ORDER BY group_id`,
    photoId,
  )
  return [imported(db, photoId), ...rows.map(row => entryOf(row, id => (id === null ? null : (names.get(id) ?? id))))]
}

function imported(db: ReadDb, photoId: number): PhotoHistoryEntry {
  const row = db.get<{ at: string; name: string | null }>(
    'SELECT added_at AS at, class.name AS name FROM photo LEFT JOIN class ON class.id = imported_class_id WHERE photo.id = ?',
    photoId,
  )!
  return {
    at: row.at,
    kind: 'import',
    values: row.name === null ? {} : { class: row.name },
    text: row.name === null ? 'Imported without a label' : `Imported as ${row.name}`,
  }
}

function entryOf(row: PhotoHistoryRow, className: (id: string | null) => string | null): PhotoHistoryEntry {
  const undoing = row.group_kind === 'undo' || row.group_kind === 'redo'
  const [kind, values, text] = tell(row, className)
  return {
    at: row.at,
    kind,
    values: undoing ? { ...values, by: row.group_kind } : values,
    text: undoing ? `${text} (${row.group_kind})` : text,
  }
}

function tell(
  { field, before, after }: PhotoHistoryRow,
  className: (id: string | null) => string | null,
): [string, Record<string, string>, string] {
  if (field === 'excluded') return after === '1' ? ['exclude', {}, 'Excluded'] : ['include', {}, 'Included again']
  if (field === 'keeper')
    return after === '1' ? ['keep', {}, 'Kept among its copies'] : ['unkeep', {}, 'Not kept any more among its copies']
  if (field === 'accepted') return tellAccepted(before, after)
  const name = field === 'class' ? className : (value: string | null) => value
  const [was, is] = [name(before), name(after)]
  const values = { ...(was === null ? {} : { was }), ...(is === null ? {} : { [field]: is }) }
  const verb = field === 'class' ? 'Labelled' : 'Moved to'
  if (is === null)
    return [
      field === 'class' ? 'unlabel' : 'unsplit',
      values,
      field === 'class' ? 'Label taken away' : 'Split taken away',
    ]
  return [field === 'class' ? 'label' : 'split', values, was === null ? `${verb} ${is}` : `${verb} ${is} (was ${was})`]
}

/** One code more or less than before. */
function tellAccepted(before: string | null, after: string | null): [string, Record<string, string>, string] {
  const [was, is] = [before, after].map(list => JSON.parse(list ?? '[]') as string[]) as [string[], string[]]
  const problem = is.find(code => !was.includes(code))
  if (problem !== undefined) return ['accept', { problem }, `Accepted in spite of "${problem}"`]
  const again = was.find(code => !is.includes(code)) ?? ''
  return ['unaccept', { problem: again }, `No more accepted in spite of "${again}"`]
}
