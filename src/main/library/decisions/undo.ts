// Undo and redo: groups of their own, which carry a decision's changes back and forth. The stacks of what can be undone
// and redone follow from the groups alone and are the same after a restart.

import { ServiceError } from '../../../contract/errors.ts'
import type { Decision } from '../../../contract/records.ts'
import type { ReadDb, WriteDb } from '../../db/database.ts'
import { addReturn, readGroup, type Group } from './decision-groups.ts'
import { decisionText, type DecisionValues } from './history-texts.ts'

export class Undo {
  readonly #db: WriteDb
  readonly #stamp: () => string
  readonly #stacks = { undo: [] as number[], redo: [] as number[] }

  constructor(db: WriteDb, stamp: () => string) {
    this.#db = db
    this.#stamp = stamp
    for (const group of db.each<Group>('SELECT id, kind, undoes FROM decision_group ORDER BY id')) this.note(group)
  }

  /** One group's effect on the stacks; call it once the group is in the file. A new decision forgets what could be
   *  redone; an import is no decision. */
  note({ id, kind, undoes }: Omit<Group, 'values_json'>): void {
    const { undo, redo } = this.#stacks
    if (kind === 'undo') redo.push(takeFrom(undo, undoes!))
    else if (kind === 'redo') undo.push(takeFrom(redo, undoes!))
    else if (kind !== 'import') {
      undo.push(id)
      redo.length = 0
    }
  }

  /** Takes back the newest decision or brings on again what was taken back last. ServiceError 'nothing-to-undo',
   *  'nothing-to-redo'. */
  step(kind: 'undo' | 'redo'): Decision {
    const target = this.#stacks[kind].at(-1)
    if (target === undefined) throw nothingTo(kind)
    return this.#carry(kind, target)
  }

  /** Takes back the decision of this id. ServiceError 'taken-back', 'decided-since'. */
  undoOne(id: number): Decision {
    const { undo } = this.#stacks
    const at = undo.indexOf(id)
    if (at < 0)
      throw new ServiceError('taken-back', 'This decision has been taken back already.', 'Nothing is left to do.')
    const later = restingOn(this.#db, id, undo.slice(at + 1))
    if (later === undefined) return this.#carry('undo', id)
    throw new ServiceError(
      'decided-since',
      `Something that rests on it was decided since: ${textOf(this.#db, later)}.`,
      'Take that back first.',
    )
  }

  /** What the next step would take back or bring on again, in words; null when there is nothing. */
  next(): { readonly undo: string | null; readonly redo: string | null } {
    return { undo: textOf(this.#db, this.#stacks.undo.at(-1)), redo: textOf(this.#db, this.#stacks.redo.at(-1)) }
  }

  #carry(kind: 'undo' | 'redo', target: number): Decision {
    const origin = readGroup(this.#db, target)
    const values = JSON.parse(origin.values_json) as DecisionValues
    const id = this.#db.transaction(() => addReturn(this.#db, kind, origin, this.#stamp()))
    this.note({ id, kind, undoes: target })
    const text = `${kind === 'undo' ? 'Undone' : 'Redone'}: ${decisionText(origin.kind, values)}`
    return { id, changed: Number(values.count), kind, values: { ...values, of: origin.kind }, text }
  }
}

// Nearly always the last: only a decision that is taken back by its id may lie below others.
function takeFrom(stack: number[], id: number): number {
  stack.splice(stack.lastIndexOf(id), 1)
  return id
}

/** The newest of these later groups that changed or said the same of the same photos; with changes of classes any later one may
 *  rest on them. */
function restingOn(db: ReadDb, id: number, later: readonly number[]): number | undefined {
  return (
    db.value<number>(
      `
    SELECT max(value) FROM json_each(?) WHERE
      EXISTS (SELECT 1 FROM class_change WHERE group_id IN (?, value)) OR
      EXISTS (SELECT 1 FROM decision AS mine JOIN decision AS theirs USING (photo_id, field) WHERE mine.group_id = ? AND theirs.group_id = value) OR
      EXISTS (SELECT 1 FROM verdict AS mine JOIN verdict AS theirs USING (photo_id, given_class_id, proposed_class_id)
        WHERE mine.group_id = ? AND theirs.group_id = value)`,
      JSON.stringify(later),
      id,
      id,
      id,
    ) ?? undefined
  )
}

function textOf(db: ReadDb, id: number | undefined): string | null {
  if (id === undefined) return null
  const { kind, values_json } = readGroup(db, id)
  return decisionText(kind, JSON.parse(values_json) as DecisionValues)
}

function nothingTo(kind: 'undo' | 'redo'): ServiceError {
  return new ServiceError(
    `nothing-to-${kind}`,
    `There is nothing to ${kind}.`,
    kind === 'undo' ? 'Label, exclude or move photos first.' : 'Undo something first.',
  )
}
