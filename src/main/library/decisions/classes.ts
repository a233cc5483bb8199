// Making, renaming, merging and deleting classes as changes of a decision group (decision-groups.ts), so that each can
// be undone. A deleted class keeps its row: the history, old runs and a
// later undo speak of it. No two rows share a name.

import type { ReadDb, WriteDb } from '../../db/database.ts'
import { withoutHiddenSigns } from '../../common/hidden-signs.ts'

/** What a class is to become; `null` leaves `merged_into` empty. */
export interface ClassChange {
  readonly id: number
  readonly field: 'name' | 'deleted' | 'merged_into'
  readonly after: string | null
}

/** The row that a class of this name has or gets, not shown until a group says so, and what shows it. */
export function rowForNewClass(
  db: WriteDb,
  name: string,
  at: string,
): { readonly id: number; readonly changes: readonly ClassChange[] } {
  const id =
    db.value<number>('SELECT id FROM class WHERE name = ?', name) ??
    db.run('INSERT INTO class (name, created_at, deleted) VALUES (?, ?, 1)', name, at).lastId
  return {
    id,
    changes: [
      { id, field: 'deleted', after: '0' },
      { id, field: 'merged_into', after: null },
    ],
  }
}

/** A deleted class that had the name yields it. */
export function renaming(db: ReadDb, id: number, name: string): ClassChange[] {
  const old = db.value<number>('SELECT id FROM class WHERE name = ? AND id <> ?', name, id)
  const yielding: ClassChange[] = old === undefined ? [] : [{ id: old, field: 'name', after: freeName(db, name, id) }]
  return [...yielding, { id, field: 'name', after: name }]
}

/** Writes down what the changes change; answers how many there are. */
export function recordClassChanges(db: WriteDb, group: number, changes: readonly ClassChange[]): number {
  return changes.reduce(
    (sum, { id, field, after }) =>
      sum +
      db.run(
        `INSERT INTO class_change (group_id, class_id, field, before, after) SELECT ?, id, ?, ${field}, ? FROM class WHERE id = ? AND ${field} IS NOT ?`,
        group,
        field,
        after,
        id,
        after,
      ).changes,
    0,
  )
}

/** Makes the classes what the group says. Names go through unused ones, so that two may swap; a class with photos is
 *  never deleted. */
export function applyClassChanges(db: WriteDb, group: number): void {
  const changes = db.all<ClassChange>('SELECT class_id AS id, field, after FROM class_change WHERE group_id = ?', group)
  const names = changes.filter(({ field }) => field === 'name')
  for (const { id } of names) db.run('UPDATE class SET name = char(1) || id WHERE id = ?', id)
  for (const { id, after } of names) db.run('UPDATE class SET name = ? WHERE id = ?', freeName(db, after!, id), id)
  for (const { id, field, after } of changes) {
    if (field === 'merged_into')
      db.run('UPDATE class SET merged_into = ? WHERE id = ?', after === null ? null : Number(after), id)
    if (field === 'deleted')
      db.run(
        'UPDATE class SET deleted = ? WHERE id = ? AND (? = 0 OR NOT EXISTS (SELECT 1 FROM photo WHERE class_id = class.id))',
        Number(after),
        id,
        Number(after),
      )
  }
}

/** The name, or with a number behind it where another class has it: an import may have made one of that name meanwhile.
 */
function freeName(db: ReadDb, name: string, own: number): string {
  const taken = (one: string) => db.value('SELECT 1 FROM class WHERE name = ? AND id <> ?', one, own) !== undefined
  let free = name
  for (let i = 2; taken(free); i++) free = `${name} (${i})`
  return free
}

/** The class that photos of a folder or list with this label belong to: what was renamed or merged stays so. Made where
 *  there is none. */
export function classNamed(db: WriteDb, given: string, at: string): number {
  const name = withoutHiddenSigns(given)
  const id = classOfName(db, name)
  if (id === undefined) return db.run('INSERT INTO class (name, created_at) VALUES (?, ?)', name, at).lastId
  db.run('UPDATE class SET deleted = 0 WHERE id = ? AND deleted = 1', id)
  return id
}

/** The same without making one: undefined where there is none. */
export function classOfName(db: ReadDb, name: string): number | undefined {
  const row = db.get<ClassRow>('SELECT id, deleted, merged_into FROM class WHERE name = ?', name)
  if (row?.deleted === 0) return row.id
  return row ? followMerges(db, row) : renamedClass(db, name)
}

interface ClassRow {
  readonly id: number
  readonly deleted: number
  readonly merged_into: number | null
}

function followMerges(db: ReadDb, row: ClassRow): number {
  const next =
    row.deleted === 1 && row.merged_into !== null
      ? db.get<ClassRow>('SELECT id, deleted, merged_into FROM class WHERE id = ?', row.merged_into)
      : undefined
  return next ? followMerges(db, next) : row.id
}

/** The class that had this name until a renaming that has not been undone. */
function renamedClass(db: ReadDb, name: string): number | undefined {
  const row = db.get<ClassRow>(
    `
    SELECT class.id, deleted, merged_into FROM class_change JOIN decision_group AS renamed ON renamed.id = group_id JOIN class ON class.id = class_id
    WHERE field = 'name' AND before = ? AND renamed.kind = 'class-rename'
      AND (SELECT kind FROM decision_group AS last WHERE last.id = renamed.id OR last.undoes = renamed.id ORDER BY last.id DESC LIMIT 1) <> 'undo'
    ORDER BY group_id DESC LIMIT 1`,
    name,
  )
  return row && followMerges(db, row)
}
