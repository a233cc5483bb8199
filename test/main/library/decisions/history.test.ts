// Labels, exclusions and splits with undo and redo, against a plain model in memory, across restarts.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WriteDb } from '../../../../src/main/db/database.ts'
import { createHistory, labelRevision, type History } from '../../../../src/main/library/decisions/history.ts'
import { photoDetail } from '../../../../src/main/library/photos/photos.ts'
import { failure } from '../helpers.ts'
import { addClasses, addPhotos, newDatabase, now } from '../rows.ts'

interface State {
  /** Class by name. */
  readonly photos: readonly {
    readonly class: string | null
    readonly excluded: number
    readonly split: string | null
  }[]
  readonly classes: readonly string[]
}
type Step =
  | { kind: 'label'; ids: number[]; value: number | null }
  | { kind: 'exclude'; ids: number[]; value: boolean }
  | { kind: 'split'; ids: number[]; value: 'train' | 'validation' | 'test' | null }
  | { kind: 'create' | 'delete'; name: string }
  | { kind: 'rename' | 'merge'; name: string; to: string }
  | { kind: 'undo' }
  | { kind: 'redo' }
  | { kind: 'restart' }

const photos = 8
const ids = fc.uniqueArray(fc.integer({ min: 1, max: photos }), { minLength: 1 })
const name = fc.constantFrom('cat', 'dog', 'owl', 'fox')
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('label' as const), ids, value: fc.constantFrom(0, 1, 2, null) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('exclude' as const), ids, value: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('split' as const),
      ids,
      value: fc.constantFrom('train' as const, 'validation' as const, 'test' as const, null),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('create' as const, 'delete' as const), name }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('rename' as const, 'merge' as const), name, to: name }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('undo' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('redo' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
)

/** Whole states on two stacks: slow, obvious, right. */
class Model {
  state: State = {
    photos: Array.from({ length: photos }, () => ({ class: null, excluded: 0, split: null })),
    classes: ['cat', 'dog', 'owl'],
  }
  past: State[] = []
  future: State[] = []

  take(step: Step): void {
    if (step.kind === 'undo') this.#travel(this.past, this.future)
    else if (step.kind === 'redo') this.#travel(this.future, this.past)
    else if (step.kind !== 'restart') this.#become(this.#after(step))
  }

  #become(next: State): void {
    if (JSON.stringify(next) === JSON.stringify(this.state)) return
    this.past.push(this.state)
    this.future = []
    this.state = next
  }

  #after(step: Exclude<Step, { kind: 'undo' } | { kind: 'redo' } | { kind: 'restart' }>): State {
    const { photos, classes } = this.state
    const has = (one: string) => classes.includes(one)
    const sorted = (names: readonly string[]) => [...names].sort()
    const moved = (from: string, to: string) =>
      photos.map(photo => (photo.class === from ? { ...photo, class: to } : photo))
    switch (step.kind) {
      case 'create':
        return has(step.name) ? this.state : { photos, classes: sorted([...classes, step.name]) }
      case 'delete':
        return photos.some(photo => photo.class === step.name)
          ? this.state
          : { photos, classes: classes.filter(one => one !== step.name) }
      case 'rename':
        return !has(step.name) || has(step.to)
          ? this.state
          : {
              photos: moved(step.name, step.to),
              classes: sorted(classes.map(one => (one === step.name ? step.to : one))),
            }
      case 'merge':
        return !has(step.name) || !has(step.to) || step.name === step.to
          ? this.state
          : { photos: moved(step.name, step.to), classes: classes.filter(one => one !== step.name) }
    }
    const change =
      step.kind === 'label'
        ? { class: this.#classAt(step.value) }
        : step.kind === 'exclude'
          ? { excluded: Number(step.value) }
          : { split: step.value }
    return { photos: photos.map((photo, i) => (step.ids.includes(i + 1) ? { ...photo, ...change } : photo)), classes }
  }

  /** The n-th class, as `perform` counts them. */
  #classAt(value: number | null): string | null {
    return value === null ? null : (this.state.classes[value % this.state.classes.length] ?? null)
  }

  #travel(from: State[], to: State[]): void {
    const next = from.pop()
    if (!next) return
    to.push(this.state)
    this.state = next
  }
}

const refusals = ['nothing-to-undo', 'nothing-to-redo', 'class-exists', 'class-in-use', 'no-class']

function perform(db: WriteDb, history: History, step: Exclude<Step, { kind: 'restart' }>): void {
  const classId = (of: string) => db.value<number>('SELECT id FROM class WHERE name = ? AND deleted = 0', of) ?? -1
  const names = stateOf(db).classes
  const classAt = (value: number | null) =>
    value === null || names.length === 0 ? null : classId(names[value % names.length]!)
  const selection = 'ids' in step ? { ids: step.ids } : { ids: [] }
  try {
    if (step.kind === 'label') history.label(selection, classAt(step.value))
    else if (step.kind === 'exclude') history.exclude(selection, step.value)
    else if (step.kind === 'split') history.split(selection, step.value)
    else if (step.kind === 'create') history.createClass(step.name)
    else if (step.kind === 'delete') history.deleteClass(classId(step.name))
    else if (step.kind === 'rename') history.renameClass(classId(step.name), step.to)
    else if (step.kind === 'merge') history.mergeClass(classId(step.name), classId(step.to))
    else history[step.kind]()
  } catch (error) {
    if (!refusals.includes(String((error as { code?: string }).code))) throw error
  }
}

const stateOf = (db: WriteDb): State => ({
  photos: db.all<State['photos'][number]>(
    'SELECT class.name AS class, excluded, split FROM photo LEFT JOIN class ON class.id = class_id ORDER BY photo.id',
  ),
  classes: db.values<string>('SELECT name FROM class WHERE deleted = 0 ORDER BY name'),
})
const rowsOf = (db: WriteDb) =>
  db.all<{ class_id: number | null; excluded: number; split: string | null }>(
    'SELECT class_id, excluded, split FROM photo ORDER BY id',
  )

describe('history', () => {
  it('does what a model of whole states does, for any sequence of decisions, undos, redos and restarts', async () => {
    const { db, close } = await newDatabase()
    addPhotos(
      db,
      Array.from({ length: photos }, () => ({})),
    )
    const clear = () =>
      db.transaction(() => {
        for (const table of ['decision', 'class_change', 'decision_group']) db.run(`DELETE FROM ${table}`)
        db.run('UPDATE photo SET class_id = NULL, excluded = 0, split = NULL')
        db.run('UPDATE class SET merged_into = NULL')
        db.run('DELETE FROM class')
        addClasses(db, 'cat', 'dog', 'owl')
      })
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 30 }), steps => {
        clear()
        const model = new Model()
        let history = createHistory(db, now)
        for (const step of steps) {
          model.take(step)
          if (step.kind === 'restart') history = createHistory(db, now)
          else perform(db, history, step)
          expect(stateOf(db)).toEqual(model.state)
          const { undo, redo } = history.next()
          expect([undo !== null, redo !== null]).toEqual([model.past.length > 0, model.future.length > 0])
        }
      }),
      {
        numRuns: 100,
        examples: [
          [
            [
              { kind: 'merge', name: 'owl', to: 'cat' },
              { kind: 'rename', name: 'cat', to: 'owl' },
            ],
          ],
        ],
      },
    )
    close()
  })

  it('tells each step in words, keeps every one of them, and only ever raises the revision', async () => {
    const { db, close } = await newDatabase()
    const [cat, dog] = addClasses(db, 'cat', 'dog')
    const [first, second] = addPhotos(db, [{ classId: cat! }, { classId: cat! }, {}])
    const history = createHistory(db, now)
    expect(history.label({ ids: [first!, second!] }, dog!)).toEqual({
      id: 1,
      changed: 2,
      kind: 'label',
      values: { class: 'dog', count: '2' },
      text: '2 photos labelled dog',
    })
    expect(labelRevision(db)).toBe(1)
    expect(history.label({ ids: [first!] }, dog!)).toMatchObject({ changed: 0 })
    expect(labelRevision(db)).toBe(1)
    expect(history.exclude({ ids: [first!] }, true).text).toBe('1 photo excluded')
    const afterExclude = labelRevision(db)
    expect(afterExclude).toBeGreaterThan(1)
    expect(history.next()).toEqual({ undo: '1 photo excluded', redo: null })
    expect(history.undo()).toMatchObject({ text: 'Undone: 1 photo excluded', values: { of: 'exclude' }, changed: 1 })
    expect(history.next()).toEqual({ undo: '2 photos labelled dog', redo: '1 photo excluded' })
    expect(history.undo().text).toBe('Undone: 2 photos labelled dog')
    expect(labelRevision(db)).toBeGreaterThan(afterExclude + 1)
    expect(photoDetail(db, first!).history.map(entry => entry.text)).toEqual([
      'Imported as cat',
      'Labelled dog (was cat)',
      'Excluded',
      'Included again (undo)',
      'Labelled cat (was dog) (undo)',
    ])
    expect((await failure(() => history.undo())).code).toBe('nothing-to-undo')
    expect((await failure(() => history.label({ ids: [first!] }, 99))).code).toBe('no-class')
    close()
  })

  it('takes a query for a selection and touches nothing else', async () => {
    const { db, close } = await newDatabase()
    const [cat, dog] = addClasses(db, 'cat', 'dog')
    addPhotos(db, [
      { classId: cat!, folder: 'a' },
      { classId: cat!, folder: 'b' },
      { classId: null, folder: 'a' },
      { classId: dog!, folder: 'a' },
    ])
    const history = createHistory(db, now)
    expect(history.label({ filter: { text: 'a/' } }, dog!).changed).toBe(2)
    expect(history.split({ filter: { classId: dog! } }, 'test').changed).toBe(3)
    expect(rowsOf(db)).toEqual([
      { class_id: dog, excluded: 0, split: 'test' },
      { class_id: cat, excluded: 0, split: null },
      { class_id: dog, excluded: 0, split: 'test' },
      { class_id: dog, excluded: 0, split: 'test' },
    ])
    history.undo()
    history.undo()
    expect(rowsOf(db).map(row => row.class_id)).toEqual([cat, cat, null, dog])
    expect(history.exclude({ filter: { text: 'a/' }, except: [1] }, true).changed, 'all that are found but one').toBe(2)
    expect(rowsOf(db).map(row => row.excluded)).toEqual([0, 0, 1, 1])
    close()
  })

  it('takes a decision back below others, as long as none rests on it, and knows that after a restart', async () => {
    const { db, close } = await newDatabase()
    const [cat, dog] = addClasses(db, 'cat', 'dog')
    const [first, second] = addPhotos(db, [{ classId: cat! }, { classId: cat! }])
    let history = createHistory(db, now)
    const mine = history.label({ ids: [first!] }, dog!)
    const theirs = history.label({ ids: [second!] }, dog!)
    history.exclude({ ids: [first!] }, true)
    expect(history.undo(mine.id)).toMatchObject({ text: 'Undone: 1 photo labelled dog' })
    expect(rowsOf(db)).toMatchObject([
      { class_id: cat, excluded: 1 },
      { class_id: dog, excluded: 0 },
    ])
    history = createHistory(db, now)
    expect(history.next()).toEqual({ undo: '1 photo excluded', redo: '1 photo labelled dog' })
    expect((await failure(() => history.undo(mine.id))).code).toBe('taken-back')
    history.undo()
    history.undo()
    expect(history.next().undo, 'the other label was taken back too').toBeNull()
    for (const _ of [0, 1, 2]) history.redo()
    expect(rowsOf(db)).toMatchObject([
      { class_id: dog, excluded: 1 },
      { class_id: dog, excluded: 0 },
    ])
    expect(history.undo(theirs.id).changed).toBe(1)
    close()
  })

  it('does not take back what a later decision rests on', async () => {
    const { db, close } = await newDatabase()
    const [cat, dog] = addClasses(db, 'cat', 'dog')
    const [first] = addPhotos(db, [{ classId: cat! }])
    const history = createHistory(db, now)
    const mine = history.label({ ids: [first!] }, dog!)
    const later = history.label({ ids: [first!] }, null)
    expect(await failure(() => history.undo(mine.id))).toMatchObject({
      code: 'decided-since',
      message: expect.stringContaining('1 photo left without a label') as string,
    })
    history.undo(later.id)
    history.renameClass(cat!, 'kitten')
    expect((await failure(() => history.undo(mine.id))).code, 'a class may have gone since').toBe('decided-since')
    expect(rowsOf(db)).toMatchObject([{ class_id: dog }])
    history.undo()
    expect(history.undo(mine.id).changed).toBe(1)
    expect(history.label({ ids: [first!] }, cat!).id, 'nothing changed, so nothing can be taken back').toBe(0)
    close()
  })
})
