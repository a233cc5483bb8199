// The narrow columns of all photos in memory, so that lists and counts of a million photos are made by walking arrays.
// The file stays the one truth: temporary triggers note which photos any statement touches, and before each use those
// are read again. SQL says the same, slower (filter.ts, problem-counts.ts); tests hold the two against each other.

import { ProblemCode, type SplitName } from '../../../contract/records.ts'
import type { WriteDb } from '../../db/database.ts'

/** Indexed by photo id; place 0 is empty. What is returned is replaced by later refreshes: read it, do not keep it. */
export interface PhotoColumns {
  /** The largest id. */
  readonly last: number
  /** 0 where there is no photo, else bits: 1 is there, 2 usable, 4 excluded. */
  readonly states: Uint8Array
  /** 0 for none. */
  readonly classIds: Uint32Array
  /** Index into `splitCodes`. */
  readonly splits: Uint8Array
  /** A bit for each kind of problem (`problemBit`) that has not been accepted. */
  readonly problems: Uint32Array
  /** Grows with every change of the file. */
  readonly version: number
  /** Grows when photos come or get other names. */
  readonly members: number
}

export const present = 1
export const usable = 2
export const excluded = 4
export const splitCodes: readonly (SplitName | null)[] = [null, 'train', 'validation', 'test']

/** The bit of a kind in `problems`. */
export function problemBit(code: ProblemCode): number {
  return 1 << ProblemCode.options.indexOf(code)
}

export interface PhotoTable {
  /** The columns as the file has them now. */
  read(): PhotoColumns
}

/** Begins to follow the file. What it keeps lives as long as what is returned. */
export function createPhotoTable(db: WriteDb): PhotoTable {
  for (const sql of follow) db.run(sql)
  let columns: Writable = emptyColumns(0)
  let changes = -1
  return {
    read() {
      const now = totalChanges(db)
      if (now === changes) return columns
      if (changes < 0) columns = readAll(db, columns)
      else catchUp()
      changes = totalChanges(db)
      columns.version++
      return columns
    },
  }

  function catchUp(): void {
    const touched = db.value<number>('SELECT count(*) FROM touched_photo')!
    if (touched === 0) return
    if (touched > columns.last / 2) columns = readAll(db, columns)
    else columns = readTouched(db, columns)
    db.run('DELETE FROM touched_photo')
  }
}

// Not OR IGNORE: within a trigger the outer statement's way with conflicts is the one that counts.
const noted = (id: string) =>
  `INSERT INTO touched_photo SELECT ${id} WHERE NOT EXISTS (SELECT 1 FROM touched_photo WHERE id = ${id})`
// Place 0, where no photo is, stands for new names: they order lists and are searched.
const follow = [
  'CREATE TEMP TABLE IF NOT EXISTS touched_photo (id INTEGER PRIMARY KEY)',
  `CREATE TEMP TRIGGER IF NOT EXISTS touched_by_insert AFTER INSERT ON main.photo BEGIN ${noted('new.id')}; END`,
  `CREATE TEMP TRIGGER IF NOT EXISTS touched_by_delete AFTER DELETE ON main.photo BEGIN ${noted('old.id')}; END`,
  `CREATE TEMP TRIGGER IF NOT EXISTS touched_by_update AFTER UPDATE OF class_id, split, excluded, usable, accepted ON main.photo BEGIN ${noted('new.id')}; END`,
  `CREATE TEMP TRIGGER IF NOT EXISTS touched_by_name AFTER UPDATE OF name, folder ON main.photo BEGIN ${noted('0')}; END`,
  `CREATE TEMP TRIGGER IF NOT EXISTS touched_by_problem AFTER INSERT ON main.problem BEGIN ${noted('new.photo_id')}; END`,
  `CREATE TEMP TRIGGER IF NOT EXISTS touched_by_solution AFTER DELETE ON main.problem BEGIN ${noted('old.photo_id')}; END`,
]

type Writable = { -readonly [K in keyof PhotoColumns]: PhotoColumns[K] }

function totalChanges(db: WriteDb): number {
  return db.value<number>('SELECT total_changes()')!
}

function emptyColumns(last: number): Writable {
  const room = last + 1
  return {
    last,
    states: new Uint8Array(room),
    classIds: new Uint32Array(room),
    splits: new Uint8Array(room),
    problems: new Uint32Array(room),
    version: 0,
    members: 0,
  }
}

/** The columns of a photo in one number, which is read several times as fast as an object: id, class (20 bits), split
 *  (2), state (3). */
const packed = `((id * 1048576 + ifnull(class_id, 0)) * 32
  + CASE split WHEN 'train' THEN 8 WHEN 'validation' THEN 16 WHEN 'test' THEN 24 ELSE 0 END + excluded * 4 + usable * 2 + 1)`

function unpack(columns: Writable, value: number): void {
  const id = Math.floor(value / 2 ** 25)
  const rest = value % 2 ** 25
  columns.states[id] = rest & 7
  columns.splits[id] = (rest >> 3) & 3
  columns.classIds[id] = rest >>> 5
}

function readAll(db: WriteDb, before: Writable): Writable {
  const columns = emptyColumns(db.value<number | null>('SELECT max(id) FROM photo') ?? 0)
  for (const value of db.values<number>(`SELECT ${packed} FROM photo INDEXED BY photo_by_id`)) unpack(columns, value)
  for (const code of ProblemCode.options) {
    const bit = problemBit(code)
    for (const id of db.values<number>('SELECT photo_id FROM problem WHERE code = ?', code))
      columns.problems[id]! |= bit
  }
  for (const { id, accepted } of db.all<AcceptedRow>(
    'SELECT id, accepted FROM photo INDEXED BY photo_by_accepted WHERE accepted IS NOT NULL',
  ))
    columns.problems[id]! &= ~bitsOf(accepted)
  db.run('DELETE FROM touched_photo')
  return { ...columns, version: before.version, members: before.members + 1 }
}

function readTouched(db: WriteDb, before: Writable): Writable {
  const columns = grown(before, db.value<number>('SELECT max(id) FROM touched_photo')!)
  let came = false
  for (const id of db.values<number>('SELECT id FROM touched_photo')) {
    came ||= columns.states[id] === 0
    columns.states[id] = columns.problems[id] = 0
  }
  for (const value of db.values<number>(
    `SELECT ${packed} FROM photo INDEXED BY photo_by_id WHERE id IN (SELECT id FROM touched_photo)`,
  ))
    unpack(columns, value)
  for (const { id, code } of db.all<{ id: number; code: ProblemCode }>(
    'SELECT photo_id AS id, code FROM touched_photo JOIN problem ON photo_id = id',
  )) {
    columns.problems[id]! |= problemBit(code)
  }
  const accepted = db.all<AcceptedRow>(
    'SELECT id, accepted FROM photo WHERE accepted IS NOT NULL AND id IN (SELECT id FROM touched_photo)',
  )
  for (const one of accepted) columns.problems[one.id]! &= ~bitsOf(one.accepted)
  if (came) columns.members++
  return columns
}

interface AcceptedRow {
  readonly id: number
  readonly accepted: string
}

function bitsOf(accepted: string): number {
  return (JSON.parse(accepted) as ProblemCode[]).reduce((bits, code) => bits | problemBit(code), 0)
}

/** Room for this id; grows by half, so that an import does not copy for every batch. */
function grown(columns: Writable, last: number): Writable {
  if (last <= columns.last) return columns
  const { states, classIds, splits, problems, version, members } = columns
  if (last < states.length) return { ...columns, last }
  const wide = emptyColumns(Math.floor(last * 1.5))
  wide.states.set(states)
  wide.classIds.set(classIds)
  wide.splits.set(splits)
  wide.problems.set(problems)
  return { ...wide, last, version, members }
}
