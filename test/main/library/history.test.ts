// Labels, exclusions and splits with undo and redo, against a plain model in memory, across restarts.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WriteDb } from '../../../src/main/db/database.ts'
import { createHistory, labelRevision, type History } from '../../../src/main/library/history.ts'
import { photoDetail } from '../../../src/main/library/photos.ts'
import { failure } from './helpers.ts'
import { addClasses, addPhotos, newDatabase, now } from './rows.ts'

type Row = { class_id: number | null; excluded: number; split: string | null }
type Step =
  | { kind: 'label'; ids: number[]; value: number | null }
  | { kind: 'exclude'; ids: number[]; value: boolean }
  | { kind: 'split'; ids: number[]; value: 'train' | 'validation' | 'test' | null }
  | { kind: 'undo' }
  | { kind: 'redo' }
  | { kind: 'restart' }

const photos = 8
const ids = fc.uniqueArray(fc.integer({ min: 1, max: photos }), { minLength: 1 })
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('label' as const), ids, value: fc.constantFrom(1, 2, 3, null) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('exclude' as const), ids, value: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('split' as const), ids, value: fc.constantFrom('train' as const, 'validation' as const, 'test' as const, null) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('undo' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('redo' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
)

/** Whole states on two stacks: slow, obvious, right. */
class Model {
  state: Row[] = Array.from({ length: photos }, () => ({ class_id: null, excluded: 0, split: null }))
  past: Row[][] = []
  future: Row[][] = []

  /** Answers how many photos change. */
  take(step: Step): number | null {
    if (step.kind === 'restart') return null
    if (step.kind === 'undo' || step.kind === 'redo') return this.#travel(step.kind === 'undo' ? this.past : this.future, step.kind === 'undo' ? this.future : this.past)
    const change: Partial<Row> = step.kind === 'label' ? { class_id: step.value } : step.kind === 'exclude' ? { excluded: Number(step.value) } : { split: step.value }
    const next = this.state.map((row, i) => step.ids.includes(i + 1) ? { ...row, ...change } : row)
    const changed = next.filter((row, i) => JSON.stringify(row) !== JSON.stringify(this.state[i])).length
    if (changed > 0) {
      this.past.push(this.state)
      this.future = []
      this.state = next
    }
    return changed
  }

  #travel(from: Row[][], to: Row[][]): number | null {
    const next = from.pop()
    if (!next) return null
    to.push(this.state)
    const changed = next.filter((row, i) => JSON.stringify(row) !== JSON.stringify(this.state[i])).length
    this.state = next
    return changed
  }
}

function perform(history: History, step: Exclude<Step, { kind: 'restart' }>): number | null {
  const selection = 'ids' in step ? { ids: step.ids } : { ids: [] }
  try {
    if (step.kind === 'label') return history.label(selection, step.value).changed
    if (step.kind === 'exclude') return history.exclude(selection, step.value).changed
    if (step.kind === 'split') return history.split(selection, step.value).changed
    return history[step.kind]().changed
  } catch (error) {
    if (!String((error as { code?: string }).code).startsWith('nothing-to-')) throw error
    return null
  }
}

const stateOf = (db: WriteDb) => db.all<Row>('SELECT class_id, excluded, split FROM photo ORDER BY id')

describe('history', () => {
  it('does what a model of whole states does, for any sequence of decisions, undos, redos and restarts', async () => {
    const { db, close } = await newDatabase()
    addClasses(db, 'cat', 'dog', 'owl')
    addPhotos(db, Array.from({ length: photos }, () => ({})))
    const clear = () => db.transaction(() => {
      db.run('DELETE FROM decision')
      db.run('DELETE FROM decision_group')
      db.run('UPDATE photo SET class_id = NULL, excluded = 0, split = NULL')
    })
    fc.assert(fc.property(fc.array(anyStep, { maxLength: 25 }), steps => {
      clear()
      const model = new Model()
      let history = createHistory(db, now)
      for (const step of steps) {
        const expected = model.take(step)
        if (step.kind === 'restart') history = createHistory(db, now)
        else expect(perform(history, step)).toBe(expected)
        expect(stateOf(db)).toEqual(model.state)
        const { undo, redo } = history.next()
        expect([undo !== null, redo !== null]).toEqual([model.past.length > 0, model.future.length > 0])
      }
    }), { numRuns: 60 })
    close()
  })

  it('tells each step in words, keeps every one of them, and only ever raises the revision', async () => {
    const { db, close } = await newDatabase()
    const [cat, dog] = addClasses(db, 'cat', 'dog')
    const [first, second] = addPhotos(db, [{ classId: cat! }, { classId: cat! }, {}])
    const history = createHistory(db, now)
    expect(history.label({ ids: [first!, second!] }, dog!)).toEqual({ changed: 2, kind: 'label', values: { class: 'dog', count: '2' }, text: '2 photos labelled dog' })
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
      'Imported as cat', 'Labelled dog (was cat)', 'Excluded', 'Included again (undo)', 'Labelled cat (was dog) (undo)',
    ])
    expect((await failure(() => history.undo())).code).toBe('nothing-to-undo')
    expect((await failure(() => history.label({ ids: [first!] }, 99))).code).toBe('no-class')
    close()
  })

  it('takes a query for a selection and touches nothing else', async () => {
    const { db, close } = await newDatabase()
    const [cat, dog] = addClasses(db, 'cat', 'dog')
    addPhotos(db, [{ classId: cat!, folder: 'a' }, { classId: cat!, folder: 'b' }, { classId: null, folder: 'a' }, { classId: dog!, folder: 'a' }])
    const history = createHistory(db, now)
    expect(history.label({ filter: { text: 'a/' } }, dog!).changed).toBe(2)
    expect(history.split({ filter: { classId: dog! } }, 'test').changed).toBe(3)
    expect(stateOf(db)).toEqual([
      { class_id: dog, excluded: 0, split: 'test' }, { class_id: cat, excluded: 0, split: null },
      { class_id: dog, excluded: 0, split: 'test' }, { class_id: dog, excluded: 0, split: 'test' },
    ])
    history.undo()
    history.undo()
    expect(stateOf(db).map(row => row.class_id)).toEqual([cat, cat, null, dog])
    close()
  })
})
