// Every decision of a person, append-only: a group of changes at a time, with what was and what is
// (decision-groups.ts). Undo and redo are groups too (undo.ts), so the label revision only grows and the past can
// always be told.

import { ServiceError } from '../../../contract/errors.ts'
import type { ClassRecord, Decision, ProblemCode, Selection, SplitName } from '../../../contract/records.ts'
import type { ReadDb, WriteDb } from '../../db/database.ts'
import { checkClassName, nameOfClass } from '../tables/classes.ts'
import type { LabelAnswer } from './answers.ts'
import { renaming, rowForNewClass } from './classes.ts'
import { addGroup, withCode, withoutCode, type Wanted } from './decision-groups.ts'
import { decision, type DecisionKind, type DecisionValues } from './history-texts.ts'
import { Undo } from './undo.ts'

/** A value and the photos that a list gives it. */
export interface ListedValues<V> {
  readonly value: V
  readonly ids: readonly number[]
}

export interface History {
  label(selection: Selection, classId: number | null): Decision
  /** Labels by class id, and splits, that a list gives photos of the library: one decision each. */
  labelByList(labels: readonly ListedValues<number>[]): Decision
  splitByList(splits: readonly ListedValues<SplitName>[]): Decision
  /** Splits dealt anew: one decision. */
  dealSplits(splits: readonly ListedValues<SplitName>[]): Decision
  exclude(selection: Selection, excluded: boolean): Decision
  split(selection: Selection, split: SplitName | null): Decision
  /** Keeps this photo among its duplicates; `rivals` that were chosen before are so no longer. */
  keep(photoId: number, rivals: readonly number[]): Decision
  /** What was said of a doubted label, and with it what follows: `classId` is the new label of a 'relabel'. One decision,
   *  which undo takes back whole. */
  answer(said: LabelAnswer, classId: number | null): Decision
  /** Labels by class id that were proposed with at least this confidence, 0 to 1: one decision. */
  acceptProposals(labels: readonly ListedValues<number>[], above: number): Decision
  /** Everything becomes what it was under that name. */
  restore(version: string, wanted: Wanted): Decision
  /** "It is fine": the problem counts no more for these photos, also when it is found again; or it does so again. */
  accept(selection: Selection, code: ProblemCode, accepted: boolean): Decision
  /** ServiceError 'bad-name', 'class-exists'. */
  createClass(name: string): ClassRecord
  renameClass(id: number, name: string): Decision
  /** Gives all photos of `id` the class `into` and deletes `id`. */
  mergeClass(id: number, into: number): Decision
  /** ServiceError 'class-in-use' where it has photos. */
  deleteClass(id: number): Decision
  /** Takes back the newest decision, or the one of this id. ServiceError 'nothing-to-undo', 'taken-back',
   *  'decided-since'. */
  undo(id?: number): Decision
  /** ServiceError 'nothing-to-redo'. */
  redo(): Decision
  /** What undo and redo would take back or bring back, in words; null when there is nothing. */
  next(): { readonly undo: string | null; readonly redo: string | null }
}

/** The largest group id: it grows with every decision and every import. 0 for a new library. */
export function labelRevision(db: ReadDb): number {
  return db.value<number>('SELECT max(id) FROM decision_group') ?? 0
}

export function createHistory(db: WriteDb, now: () => Date): History {
  return new LibraryHistory(db, () => now().toISOString())
}

class LibraryHistory implements History {
  readonly #db: WriteDb
  readonly #stamp: () => string
  readonly #undo: Undo

  constructor(db: WriteDb, stamp: () => string) {
    this.#db = db
    this.#stamp = stamp
    this.#undo = new Undo(db, stamp)
  }

  label(selection: Selection, classId: number | null): Decision {
    const parts = [{ value: classId, selection }]
    if (classId === null) return this.#decide('unlabel', { fields: [{ field: 'class', parts }] }, {})
    return this.#decide('label', { fields: [{ field: 'class', parts }] }, { class: nameOfClass(this.#db, classId) })
  }

  labelByList(labels: readonly ListedValues<number>[]): Decision {
    return this.#decide('label-list', { fields: [{ field: 'class', parts: partsOf(labels) }] }, {})
  }

  acceptProposals(labels: readonly ListedValues<number>[], above: number): Decision {
    const fields = [{ field: 'class' as const, parts: partsOf(labels) }]
    return this.#decide('proposals-accept', { fields }, { above: `${Math.round(100 * above)} %` })
  }

  splitByList(splits: readonly ListedValues<SplitName>[]): Decision {
    return this.#decide('split-list', { fields: [{ field: 'split', parts: partsOf(splits) }] }, {})
  }

  dealSplits(splits: readonly ListedValues<SplitName>[]): Decision {
    return this.#decide('split-deal', { fields: [{ field: 'split', parts: partsOf(splits) }] }, {})
  }

  exclude(selection: Selection, excluded: boolean): Decision {
    return this.#decide(
      excluded ? 'exclude' : 'include',
      { fields: [{ field: 'excluded', parts: [{ value: Number(excluded), selection }] }] },
      {},
    )
  }

  split(selection: Selection, split: SplitName | null): Decision {
    return this.#decide(
      split ? 'split' : 'unsplit',
      { fields: [{ field: 'split', parts: [{ value: split, selection }] }] },
      split ? { split } : {},
    )
  }

  keep(photoId: number, rivals: readonly number[]): Decision {
    const parts = [
      { value: 1, selection: { ids: [photoId] } },
      { value: 0, selection: { ids: [...rivals] } },
    ]
    return this.#decide('keep', { fields: [{ field: 'keeper', parts }] }, {})
  }

  answer(said: LabelAnswer, classId: number | null): Decision {
    const selection = { ids: [said.photoId] }
    const photo = String(said.photoId)
    const answers = [said]
    if (said.answer === 'relabel') {
      const values = { class: nameOfClass(this.#db, classId!), photo }
      return this.#decide(
        'label',
        { fields: [{ field: 'class', parts: [{ value: classId, selection }] }], answers },
        values,
      )
    }
    if (said.answer === 'exclude')
      return this.#decide(
        'exclude',
        { fields: [{ field: 'excluded', parts: [{ value: 1, selection }] }], answers },
        { photo },
      )
    const kind = said.answer === 'keep' ? 'label-kept' : 'label-unsure'
    const label = this.#db.value<string>(
      'SELECT class.name FROM photo JOIN class ON class.id = class_id WHERE photo.id = ?',
      said.photoId,
    )
    return this.#decide(kind, { answers }, { class: label ?? '', photo })
  }

  restore(version: string, wanted: Wanted): Decision {
    return this.#decide('version-restore', wanted, { version })
  }

  accept(selection: Selection, code: ProblemCode, accepted: boolean): Decision {
    const parts = [{ value: code, sql: accepted ? withCode : withoutCode, selection }]
    return this.#decide(accepted ? 'accept' : 'unaccept', { fields: [{ field: 'accepted', parts }] }, { problem: code })
  }

  createClass(name: string): ClassRecord {
    const clean = checkClassName(this.#db, name)
    const { id, group } = this.#db.transaction(() => {
      const { id, changes } = rowForNewClass(this.#db, clean, this.#stamp())
      return {
        id,
        group: addGroup(this.#db, 'class-create', { classes: changes }, { class: clean }, this.#stamp()).group,
      }
    })
    // Not before the group is in the file: one that finds no room must leave nothing to undo.
    this.#undo.note({ id: group, kind: 'class-create', undoes: null })
    return { id, name: clean, photos: 0 }
  }

  renameClass(id: number, name: string): Decision {
    const was = nameOfClass(this.#db, id)
    const clean = checkClassName(this.#db, name, id)
    return this.#decide('class-rename', { classes: renaming(this.#db, id, clean) }, { was, class: clean })
  }

  mergeClass(id: number, into: number): Decision {
    const words = { was: nameOfClass(this.#db, id), class: nameOfClass(this.#db, into) }
    if (id === into) return decision(0, 0, 'class-merge', { ...words, count: '0' })
    const parts = [{ value: into, selection: { filter: { classId: id } } }]
    return this.#decide(
      'class-merge',
      {
        fields: [{ field: 'class', parts }],
        classes: [
          { id, field: 'deleted', after: '1' },
          { id, field: 'merged_into', after: String(into) },
        ],
      },
      words,
    )
  }

  deleteClass(id: number): Decision {
    const name = nameOfClass(this.#db, id)
    const photos = this.#db.value<number>('SELECT count(*) FROM photo WHERE class_id = ?', id)!
    if (photos > 0) throw inUse(name, photos)
    return this.#decide('class-delete', { classes: [{ id, field: 'deleted', after: '1' }] }, { class: name })
  }

  undo(id?: number): Decision {
    return id === undefined ? this.#undo.step('undo') : this.#undo.undoOne(id)
  }

  redo(): Decision {
    return this.#undo.step('redo')
  }

  next(): ReturnType<History['next']> {
    return this.#undo.next()
  }

  #decide(kind: DecisionKind, wanted: Wanted, words: DecisionValues): Decision {
    const { group, changed, kept } = this.#db.transaction(() => addGroup(this.#db, kind, wanted, words, this.#stamp()))
    if (kept) this.#undo.note({ id: group, kind, undoes: null })
    return decision(kept ? group : 0, changed, kind, { ...words, count: String(changed) })
  }
}

function partsOf(listed: readonly ListedValues<number | SplitName>[]) {
  return listed.map(({ value, ids }) => ({ value, selection: { ids: [...ids] } }))
}

function inUse(name: string, photos: number): ServiceError {
  return new ServiceError(
    'class-in-use',
    `The class "${name}" still has ${photos.toLocaleString('en')} ${photos === 1 ? 'photo' : 'photos'}.`,
    'Merge it into another class, or give its photos another label first.',
  )
}
