// Every decision of a person, append-only: a group of changes at a time, with what was and what is. Undo and redo are groups too,
// which carry the changes back and forth, so the label revision only grows and the past can always be told.
// The stacks of what can be undone and redone follow from the groups alone and are the same after a restart.

import { ServiceError } from '../../contract/errors.ts'
import type { ClassRecord, Decision, ProblemCode, Selection, SplitName } from '../../contract/records.ts'
import type { ReadDb, SqlValue, WriteDb } from '../db/database.ts'
import { applyClassChanges, checkClassName, nameOfClass, recordClassChanges, renaming, rowForNewClass, type ClassChange } from './classes.ts'
import { regroupCopies } from './copies.ts'
import { selectionSql } from './filter.ts'
import { decision, decisionText, type DecisionKind, type DecisionValues } from './history-texts.ts'

export interface History {
  label(selection: Selection, classId: number | null): Decision
  exclude(selection: Selection, excluded: boolean): Decision
  split(selection: Selection, split: SplitName | null): Decision
  /** Keeps this photo among its copies; `rivals` that were chosen before are so no longer. */
  keep(photoId: number, rivals: readonly number[]): Decision
  /** "It is fine": the problem counts no more for these photos, also when it is found again; or it does so again. */
  accept(selection: Selection, code: ProblemCode, accepted: boolean): Decision
  /** ServiceError 'bad-name', 'class-exists'. */
  createClass(name: string): ClassRecord
  renameClass(id: number, name: string): Decision
  /** Gives all photos of `id` the class `into` and deletes `id`. */
  mergeClass(id: number, into: number): Decision
  /** ServiceError 'class-in-use' where it has photos. */
  deleteClass(id: number): Decision
  /** Takes back the newest decision, or the one of this id. ServiceError 'nothing-to-undo', 'taken-back', 'decided-since'. */
  undo(id?: number): Decision
  /** ServiceError 'nothing-to-redo'. */
  redo(): Decision
  /** What undo and redo would take back or bring back, in words; null when there is nothing. */
  next(): { readonly undo: string | null; readonly redo: string | null }
}

interface Group {
  readonly id: number
  readonly kind: string
  /** The group that an undo takes back, or that a redo brings on again. */
  readonly undoes: number | null
  readonly values_json: string
}

interface Stacks {
  readonly undo: number[]
  readonly redo: number[]
}

const columns = { class: 'class_id', excluded: 'excluded', split: 'split', keeper: 'keeper', accepted: 'accepted' } as const
type Field = keyof typeof columns

/** The largest group id: it grows with every decision and every import. 0 for a new library. */
export function labelRevision(db: ReadDb): number {
  return db.value<number>('SELECT max(id) FROM decision_group') ?? 0
}

export function createHistory(db: WriteDb, now: () => Date): History {
  const stacks = readStacks(db)
  const stamp = () => now().toISOString()

  function decide(kind: DecisionKind, field: Field, value: SqlValue, selection: Selection, words: DecisionValues): Decision {
    return decideAll(kind, { field, parts: [{ value, selection }] }, words)
  }

  function decideAll(kind: DecisionKind, wanted: Wanted, words: DecisionValues): Decision {
    const { group, changed, kept } = db.transaction(() => change(db, kind, wanted, words, stamp()))
    if (kept) step(stacks, { id: group, kind, undoes: null })
    return decision(kept ? group : 0, changed, kind, { ...words, count: String(changed) })
  }

  function createClass(name: string): ClassRecord {
    const clean = checkClassName(db, name)
    const { id, group } = db.transaction(() => {
      const { id, changes } = rowForNewClass(db, clean, stamp())
      return { id, group: change(db, 'class-create', { classes: changes }, { class: clean }, stamp()).group }
    })
    // Not before the group is in the file: one that finds no room must leave nothing to undo.
    step(stacks, { id: group, kind: 'class-create', undoes: null })
    return { id, name: clean, photos: 0 }
  }

  function mergeClass(id: number, into: number): Decision {
    const words = { was: nameOfClass(db, id), class: nameOfClass(db, into) }
    if (id === into) return decision(0, 0, 'class-merge', { ...words, count: '0' })
    const parts = [{ value: into, selection: { filter: { classId: id } } }]
    return decideAll('class-merge', { field: 'class', parts, classes: [{ id, field: 'deleted', after: '1' }, { id, field: 'merged_into', after: String(into) }] }, words)
  }

  function deleteClass(id: number): Decision {
    const name = nameOfClass(db, id)
    const photos = db.value<number>('SELECT count(*) FROM photo WHERE class_id = ?', id)!
    if (photos > 0) throw inUse(name, photos)
    return decideAll('class-delete', { classes: [{ id, field: 'deleted', after: '1' }] }, { class: name })
  }

  function undoOne(id: number): Decision {
    const at = stacks.undo.indexOf(id)
    if (at < 0) throw new ServiceError('taken-back', 'This decision has been taken back already.', 'Nothing is left to do.')
    const later = restingOn(db, id, stacks.undo.slice(at + 1))
    if (later === undefined) return goBack('undo', id)
    throw new ServiceError('decided-since', `Something that rests on it was decided since: ${textOf(db, later)}.`, 'Take that back first.')
  }

  function goBack(kind: 'undo' | 'redo', target = stacks[kind].at(-1)): Decision {
    if (target === undefined) throw nothingTo(kind)
    const origin = readGroup(db, target)
    const values = JSON.parse(origin.values_json) as DecisionValues
    const group = db.transaction(() => carry(db, kind, target, origin.values_json, stamp()))
    step(stacks, { id: group, kind, undoes: target })
    return { id: group, changed: Number(values.count), kind, values: { ...values, of: origin.kind }, text: `${kind === 'undo' ? 'Undone' : 'Redone'}: ${decisionText(origin.kind, values)}` }
  }

  return {
    label(selection, classId) {
      if (classId === null) return decide('unlabel', 'class', null, selection, {})
      return decide('label', 'class', classId, selection, { class: nameOfClass(db, classId) })
    },
    exclude: (selection, excluded) => decide(excluded ? 'exclude' : 'include', 'excluded', Number(excluded), selection, {}),
    split: (selection, split) => decide(split ? 'split' : 'unsplit', 'split', split, selection, split ? { split } : {}),
    keep: (photoId, rivals) => decideAll('keep', { field: 'keeper', parts: [{ value: 1, selection: { ids: [photoId] } }, { value: 0, selection: { ids: [...rivals] } }] }, {}),
    accept: (selection, code, accepted) =>
      decideAll(accepted ? 'accept' : 'unaccept', { field: 'accepted', parts: [{ value: code, sql: accepted ? withCode : withoutCode, selection }] }, { problem: code }),
    createClass,
    renameClass(id, name) {
      const was = nameOfClass(db, id)
      const clean = checkClassName(db, name, id)
      return decideAll('class-rename', { classes: renaming(db, id, clean) }, { was, class: clean })
    },
    mergeClass,
    deleteClass,
    undo: id => (id === undefined ? goBack('undo') : undoOne(id)),
    redo: () => goBack('redo'),
    next: () => ({ undo: textOf(db, stacks.undo.at(-1)), redo: textOf(db, stacks.redo.at(-1)) }),
  }
}

interface Part {
  readonly value: SqlValue
  /** What the column becomes, `(SELECT text FROM wanted)` being the value; default: the value itself. */
  readonly sql?: string
  readonly selection: Selection
}

/** The list of accepted codes with this one, for photos that have the problem; and without it. Null for an empty list. */
const withCode = `CASE WHEN EXISTS (SELECT 1 FROM problem WHERE photo_id = photo.id AND code = (SELECT text FROM wanted)) THEN
  (SELECT json_group_array(value) FROM (SELECT value FROM json_each(photo.accepted) UNION SELECT text FROM wanted ORDER BY 1)) ELSE photo.accepted END`
const withoutCode = "(SELECT nullif(json_group_array(value), '[]') FROM (SELECT value FROM json_each(photo.accepted) WHERE value <> (SELECT text FROM wanted) ORDER BY 1))"

/** Values of one field for photos, and changes of classes. */
type Wanted = { readonly classes?: readonly ClassChange[] } & ({ readonly field: Field; readonly parts: readonly Part[] } | { readonly field?: never })

/** Adds a group that makes what is wanted so; it is not kept where all is so already. `changed` counts photos. */
function change(db: WriteDb, kind: DecisionKind, wanted: Wanted, words: DecisionValues, at: string): { group: number; changed: number; kept: boolean } {
  const group = db.run('INSERT INTO decision_group (at, kind) VALUES (?, ?)', at, kind).lastId
  const changed = wanted.field ? wanted.parts.reduce((sum, part) => sum + record(db, group, wanted.field, part), 0) : 0
  const kept = recordClassChanges(db, group, wanted.classes ?? []) + changed > 0
  db.run('UPDATE decision_group SET values_json = ? WHERE id = ?', JSON.stringify({ ...words, count: String(changed) }), group)
  if (kept) apply(db, group)
  else db.run('DELETE FROM decision_group WHERE id = ?', group)
  return { group, changed, kept }
}

function record(db: WriteDb, group: number, field: Field, { value, sql = '(SELECT text FROM wanted)', selection }: Part): number {
  const chosen = selectionSql(db, selection)
  return db.run(`
    WITH wanted (text) AS (VALUES (?))
    INSERT INTO decision (group_id, photo_id, field, before, after)
    SELECT ?, id, ?, before, after FROM (SELECT id, ${columns[field]} AS before, ${sql} AS after FROM photo WHERE ${chosen.sql}) WHERE before IS NOT after`,
    value === null ? null : String(value), group, field, ...chosen.params).changes
}

/** Adds a group that takes `target` back (undo) or brings it on again (redo). */
function carry(db: WriteDb, kind: 'undo' | 'redo', target: number, valuesJson: string, at: string): number {
  const group = db.run('INSERT INTO decision_group (at, kind, undoes, values_json) VALUES (?, ?, ?, ?)', at, kind, target, valuesJson).lastId
  const values = kind === 'undo' ? 'after, before' : 'before, after'
  db.run(`INSERT INTO decision (group_id, photo_id, field, before, after) SELECT ?, photo_id, field, ${values} FROM decision WHERE group_id = ?`, group, target)
  db.run(`INSERT INTO class_change (group_id, class_id, field, before, after) SELECT ?, class_id, field, ${values} FROM class_change WHERE group_id = ?`, group, target)
  apply(db, group)
  return group
}

/** Makes the photos and classes what the group says. The cast turns the stored text into the column's kind of value. */
function apply(db: WriteDb, group: number): void {
  for (const field of db.values<Field>('SELECT DISTINCT field FROM decision WHERE group_id = ?', group)) {
    const value = field === 'split' || field === 'accepted' ? 'decision.after' : 'CAST(decision.after AS INTEGER)'
    db.run(`UPDATE photo SET ${columns[field]} = ${value} FROM decision
            WHERE decision.group_id = ? AND decision.field = ? AND decision.photo_id = photo.id`, group, field)
  }
  regroupCopies(db, db.values<number>("SELECT photo_id FROM decision WHERE group_id = ? AND field IN ('excluded', 'keeper')", group))
  applyClassChanges(db, group)
}

/** One group's effect on the stacks. A new decision forgets what could be redone; an import is no decision. */
function step(stacks: Stacks, group: Omit<Group, 'values_json'>): void {
  if (group.kind === 'undo') stacks.redo.push(takeFrom(stacks.undo, group.undoes!))
  else if (group.kind === 'redo') stacks.undo.push(takeFrom(stacks.redo, group.undoes!))
  else if (group.kind !== 'import') {
    stacks.undo.push(group.id)
    stacks.redo.length = 0
  }
}

// Nearly always the last: only a decision that is taken back by its id may lie below others.
function takeFrom(stack: number[], id: number): number {
  stack.splice(stack.lastIndexOf(id), 1)
  return id
}

/** The newest of these later groups that changed the same of the same photos; with changes of classes any later one may rest on them. */
function restingOn(db: ReadDb, id: number, later: readonly number[]): number | undefined {
  return db.value<number>(`
    SELECT max(value) FROM json_each(?) WHERE
      EXISTS (SELECT 1 FROM class_change WHERE group_id IN (?, value)) OR
      EXISTS (SELECT 1 FROM decision AS mine JOIN decision AS theirs USING (photo_id, field) WHERE mine.group_id = ? AND theirs.group_id = value)`,
    JSON.stringify(later), id, id) ?? undefined
}

function readStacks(db: ReadDb): Stacks {
  const stacks: Stacks = { undo: [], redo: [] }
  for (const group of db.each<Group>('SELECT id, kind, undoes FROM decision_group ORDER BY id')) step(stacks, group)
  return stacks
}

function readGroup(db: ReadDb, id: number): Group {
  return db.get<Group>('SELECT id, kind, undoes, values_json FROM decision_group WHERE id = ?', id)!
}

function textOf(db: ReadDb, id: number | undefined): string | null {
  if (id === undefined) return null
  const { kind, values_json } = readGroup(db, id)
  return decisionText(kind, JSON.parse(values_json) as DecisionValues)
}

function nothingTo(kind: 'undo' | 'redo'): ServiceError {
  return new ServiceError(`nothing-to-${kind}`, `There is nothing to ${kind}.`, kind === 'undo' ? 'Label, exclude or move photos first.' : 'Undo something first.')
}

function inUse(name: string, photos: number): ServiceError {
  return new ServiceError(
    'class-in-use', `The class "${name}" still has ${photos.toLocaleString('en')} ${photos === 1 ? 'photo' : 'photos'}.`,
    'Merge it into another class, or give its photos another label first.',
  )
}
