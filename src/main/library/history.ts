// Every decision of a person, append-only: a group of changes at a time, with what was and what is. Undo and redo are groups too,
// which carry the changes back and forth, so the label revision only grows and the past can always be told.
// The stacks of what can be undone and redone follow from the groups alone and are the same after a restart.

import { ServiceError } from '../../contract/errors.ts'
import type { Decision, Selection, SplitName } from '../../contract/records.ts'
import type { ReadDb, SqlValue, WriteDb } from '../db/database.ts'
import { regroupCopies } from './copies.ts'
import { selectionSql } from './filter.ts'
import { decision, decisionText, type DecisionKind, type DecisionValues } from './history-texts.ts'

export interface History {
  label(selection: Selection, classId: number | null): Decision
  exclude(selection: Selection, excluded: boolean): Decision
  split(selection: Selection, split: SplitName | null): Decision
  /** Keeps this photo among its copies; `rivals` that were chosen before are so no longer. */
  keep(photoId: number, rivals: readonly number[]): Decision
  /** ServiceError 'nothing-to-undo' / 'nothing-to-redo'. */
  undo(): Decision
  redo(): Decision
  /** What undo and redo would take back or bring back, in words; null when there is nothing. */
  next(): { readonly undo: string | null; readonly redo: string | null }
}

interface Group {
  readonly id: number
  readonly kind: string
  readonly values_json: string
}

interface Stacks {
  readonly undo: number[]
  readonly redo: number[]
}

const columns = { class: 'class_id', excluded: 'excluded', split: 'split', keeper: 'keeper' } as const
type Field = keyof typeof columns

/** The largest group id: it grows with every decision and every import. 0 for a new library. */
export function labelRevision(db: ReadDb): number {
  return db.value<number>('SELECT max(id) FROM decision_group') ?? 0
}

export function createHistory(db: WriteDb, now: () => Date): History {
  const stacks = readStacks(db)
  const stamp = () => now().toISOString()

  function decide(kind: DecisionKind, field: Field, value: SqlValue, selection: Selection, words: DecisionValues): Decision {
    return decideAll(kind, field, [{ value, selection }], words)
  }

  function decideAll(kind: DecisionKind, field: Field, parts: readonly Part[], words: DecisionValues): Decision {
    const { group, changed } = db.transaction(() => change(db, kind, field, parts, words, stamp()))
    if (changed > 0) step(stacks, { id: group, kind })
    return decision(changed, kind, { ...words, count: String(changed) })
  }

  function goBack(kind: 'undo' | 'redo'): Decision {
    const target = stacks[kind].at(-1)
    if (target === undefined) throw nothingTo(kind)
    const origin = readGroup(db, target)
    const values = JSON.parse(origin.values_json) as DecisionValues
    const group = db.transaction(() => carry(db, kind, target, origin.values_json, stamp()))
    step(stacks, { id: group, kind })
    return { changed: Number(values.count), kind, values: { ...values, of: origin.kind }, text: `${kind === 'undo' ? 'Undone' : 'Redone'}: ${decisionText(origin.kind, values)}` }
  }

  return {
    label(selection, classId) {
      if (classId === null) return decide('unlabel', 'class', null, selection, {})
      return decide('label', 'class', classId, selection, { class: className(db, classId) })
    },
    exclude: (selection, excluded) => decide(excluded ? 'exclude' : 'include', 'excluded', Number(excluded), selection, {}),
    split: (selection, split) => decide(split ? 'split' : 'unsplit', 'split', split, selection, split ? { split } : {}),
    keep: (photoId, rivals) => decideAll('keep', 'keeper', [{ value: 1, selection: { ids: [photoId] } }, { value: 0, selection: { ids: [...rivals] } }], {}),
    undo: () => goBack('undo'),
    redo: () => goBack('redo'),
    next: () => ({ undo: textOf(db, stacks.undo.at(-1)), redo: textOf(db, stacks.redo.at(-1)) }),
  }
}

interface Part {
  readonly value: SqlValue
  readonly selection: Selection
}

/** Adds a group that gives `field` the parts' values where it has others; changed is 0, and nothing is kept, where it has them everywhere. */
function change(
  db: WriteDb, kind: DecisionKind, field: Field, parts: readonly Part[], words: DecisionValues, at: string,
): { group: number; changed: number } {
  const group = db.run('INSERT INTO decision_group (at, kind) VALUES (?, ?)', at, kind).lastId
  const changed = parts.reduce((sum, part) => sum + record(db, group, field, part), 0)
  db.run('UPDATE decision_group SET values_json = ? WHERE id = ?', JSON.stringify({ ...words, count: String(changed) }), group)
  if (changed === 0) db.run('DELETE FROM decision_group WHERE id = ?', group)
  else apply(db, group)
  return { group, changed }
}

function record(db: WriteDb, group: number, field: Field, { value, selection }: Part): number {
  const chosen = selectionSql(db, selection)
  return db.run(`
    INSERT INTO decision (group_id, photo_id, field, before, after)
    SELECT ?, photo.id, ?, photo.${columns[field]}, ? FROM photo WHERE photo.${columns[field]} IS NOT ? AND ${chosen.sql}`,
    group, field, value === null ? null : String(value), value, ...chosen.params).changes
}

/** Adds a group that takes `target` back (undo) or brings it on again (redo). */
function carry(db: WriteDb, kind: 'undo' | 'redo', target: number, valuesJson: string, at: string): number {
  const group = db.run('INSERT INTO decision_group (at, kind, undoes, values_json) VALUES (?, ?, ?, ?)', at, kind, target, valuesJson).lastId
  const values = kind === 'undo' ? 'after, before' : 'before, after'
  db.run(`INSERT INTO decision (group_id, photo_id, field, before, after) SELECT ?, photo_id, field, ${values} FROM decision WHERE group_id = ?`, group, target)
  apply(db, group)
  return group
}

/** Makes the photos what the group says. The cast turns the stored text into the column's kind of value. */
function apply(db: WriteDb, group: number): void {
  for (const field of db.values<Field>('SELECT DISTINCT field FROM decision WHERE group_id = ?', group)) {
    const value = field === 'split' ? 'decision.after' : 'CAST(decision.after AS INTEGER)'
    db.run(`UPDATE photo SET ${columns[field]} = ${value} FROM decision
            WHERE decision.group_id = ? AND decision.field = ? AND decision.photo_id = photo.id`, group, field)
  }
  regroupCopies(db, db.values<number>("SELECT photo_id FROM decision WHERE group_id = ? AND field IN ('excluded', 'keeper')", group))
}

/** One group's effect on the stacks. A new decision forgets what could be redone; an import is no decision. */
function step(stacks: Stacks, group: Omit<Group, 'values_json'>): void {
  if (group.kind === 'undo') stacks.redo.push(stacks.undo.pop()!)
  else if (group.kind === 'redo') stacks.undo.push(stacks.redo.pop()!)
  else if (group.kind !== 'import') {
    stacks.undo.push(group.id)
    stacks.redo.length = 0
  }
}

function readStacks(db: ReadDb): Stacks {
  const stacks: Stacks = { undo: [], redo: [] }
  for (const group of db.each<Group>('SELECT id, kind FROM decision_group ORDER BY id')) step(stacks, group)
  return stacks
}

function readGroup(db: ReadDb, id: number): Group {
  return db.get<Group>('SELECT id, kind, values_json FROM decision_group WHERE id = ?', id)!
}

function textOf(db: ReadDb, id: number | undefined): string | null {
  if (id === undefined) return null
  const { kind, values_json } = readGroup(db, id)
  return decisionText(kind, JSON.parse(values_json) as DecisionValues)
}

function className(db: ReadDb, id: number): string {
  const name = db.value<string>('SELECT name FROM class WHERE id = ?', id)
  if (name === undefined) throw new ServiceError('no-class', `There is no class ${id} in this library.`, 'Reload the list of classes.')
  return name
}

function nothingTo(kind: 'undo' | 'redo'): ServiceError {
  return new ServiceError(`nothing-to-${kind}`, `There is nothing to ${kind}.`, kind === 'undo' ? 'Label, exclude or move photos first.' : 'Undo something first.')
}
