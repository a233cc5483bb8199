// Decisions in the library's file: a group of changes of photos and classes at a time, with what was and what is. What
// a group says is written down first; then photos and classes are made so.

import type { Selection } from '../../../contract/records.ts'
import type { ReadDb, SqlValue, WriteDb } from '../../db/database.ts'
import { recordAnswers, returnAnswers, type LabelAnswer } from './answers.ts'
import { followLabels } from './class-problems.ts'
import { applyClassChanges, recordClassChanges, type ClassChange } from './classes.ts'
import { regroupDuplicates } from '../checks/regroup-duplicates.ts'
import { selectionSql } from '../tables/filter.ts'
import type { DecisionKind, DecisionValues } from './history-texts.ts'

const columns = {
  class: 'class_id',
  excluded: 'excluded',
  split: 'split',
  keeper: 'keeper',
  accepted: 'accepted',
} as const
type ChangedField = keyof typeof columns

export interface Group {
  readonly id: number
  readonly kind: string
  /** The group that an undo takes back, or that a redo brings on again. */
  readonly undoes: number | null
  readonly values_json: string
}

export interface Part {
  readonly value: SqlValue
  /** What the column becomes, `(SELECT text FROM wanted)` being the value; default: the value itself. */
  readonly sql?: string
  readonly selection: Selection
}

/** Values of a field for photos. */
export interface FieldChange {
  readonly field: ChangedField
  readonly parts: readonly Part[]
}

/** Values of fields for photos, changes of classes, and what was said of doubted labels. */
export interface Wanted {
  readonly fields?: readonly FieldChange[]
  readonly classes?: readonly ClassChange[]
  readonly answers?: readonly LabelAnswer[]
}

/** The list of accepted codes with this one, for photos that have the problem; and without it. Null for an empty list.
 */
export const withCode = `CASE WHEN EXISTS (SELECT 1 FROM problem WHERE photo_id = photo.id AND code = (SELECT text FROM wanted)) THEN
  (SELECT json_group_array(value) FROM (SELECT value FROM json_each(photo.accepted) UNION SELECT text FROM wanted ORDER BY 1)) ELSE photo.accepted END`
export const withoutCode =
  "(SELECT nullif(json_group_array(value), '[]') FROM (SELECT value FROM json_each(photo.accepted) WHERE value <> (SELECT text FROM wanted) ORDER BY 1))"

/** Adds a group that makes what is wanted so; it is not kept where all is so already. `changed` counts photos. */
export function addGroup(
  db: WriteDb,
  kind: DecisionKind,
  wanted: Wanted,
  words: DecisionValues,
  at: string,
): { group: number; changed: number; kept: boolean } {
  const group = db.run('INSERT INTO decision_group (at, kind) VALUES (?, ?)', at, kind).lastId
  for (const { field, parts } of wanted.fields ?? []) for (const part of parts) record(db, group, field, part)
  const moved = db.value<number>('SELECT count(DISTINCT photo_id) FROM decision WHERE group_id = ?', group)!
  const changed = Math.max(moved, recordAnswers(db, group, wanted.answers ?? [], at))
  const kept = recordClassChanges(db, group, wanted.classes ?? []) + changed > 0
  db.run(
    'UPDATE decision_group SET values_json = ? WHERE id = ?',
    JSON.stringify({ ...words, count: String(changed) }),
    group,
  )
  if (kept) apply(db, group)
  else db.run('DELETE FROM decision_group WHERE id = ?', group)
  return { group, changed, kept }
}

function record(
  db: WriteDb,
  group: number,
  field: ChangedField,
  { value, sql = '(SELECT text FROM wanted)', selection }: Part,
): void {
  const chosen = selectionSql(db, selection)
  db.run(
    `
    WITH wanted (text) AS (VALUES (?))
    INSERT INTO decision (group_id, photo_id, field, before, after)
    SELECT ?, id, ?, before, after FROM (SELECT id, ${columns[field]} AS before, ${sql} AS after FROM photo WHERE ${chosen.sql}) WHERE before IS NOT after`,
    value === null ? null : String(value),
    group,
    field,
    ...chosen.params,
  )
}

/** Adds a group that takes `target` back (undo) or brings it on again (redo); answers its id. */
export function addReturn(db: WriteDb, kind: 'undo' | 'redo', { id: target, values_json }: Group, at: string): number {
  const group = db.run(
    'INSERT INTO decision_group (at, kind, undoes, values_json) VALUES (?, ?, ?, ?)',
    at,
    kind,
    target,
    values_json,
  ).lastId
  const values = kind === 'undo' ? 'after, before' : 'before, after'
  db.run(
    `INSERT INTO decision (group_id, photo_id, field, before, after) SELECT ?, photo_id, field, ${values} FROM decision WHERE group_id = ?`,
    group,
    target,
  )
  db.run(
    `INSERT INTO class_change (group_id, class_id, field, before, after) SELECT ?, class_id, field, ${values} FROM class_change WHERE group_id = ?`,
    group,
    target,
  )
  returnAnswers(db, group, target, kind, at)
  apply(db, group)
  return group
}

/** Makes the photos and classes what the group says. The cast turns the stored text into the column's kind of value. */
function apply(db: WriteDb, group: number): void {
  for (const field of db.values<ChangedField>('SELECT DISTINCT field FROM decision WHERE group_id = ?', group)) {
    const value = field === 'split' || field === 'accepted' ? 'decision.after' : 'CAST(decision.after AS INTEGER)'
    db.run(
      `UPDATE photo SET ${columns[field]} = ${value} FROM decision
            WHERE decision.group_id = ? AND decision.field = ? AND decision.photo_id = photo.id`,
      group,
      field,
    )
  }
  regroupDuplicates(
    db,
    db.values<number>("SELECT photo_id FROM decision WHERE group_id = ? AND field IN ('excluded', 'keeper')", group),
  )
  followLabels(db, group)
  applyClassChanges(db, group)
}

export function readGroup(db: ReadDb, id: number): Group {
  return db.get<Group>('SELECT id, kind, undoes, values_json FROM decision_group WHERE id = ?', id)!
}
