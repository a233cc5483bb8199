// The two handles on a library file. A ReadDb refuses any statement that writes; only a WriteDb can change the file, so
// a function's type says which it does. Statements are compiled once per SQL text. Calls are synchronous and short.

import type Database from 'better-sqlite3'
import { translated } from './errors.ts'

export type SqlValue = string | number | bigint | null | Uint8Array

declare const readBrand: unique symbol
declare const writeBrand: unique symbol

/** Reads of the library file. Rows are objects by column name; `value` and `values` give the first column alone. */
export interface ReadDb {
  readonly [readBrand]: true
  get<T>(sql: string, ...params: SqlValue[]): T | undefined
  all<T>(sql: string, ...params: SqlValue[]): T[]
  value<T extends SqlValue>(sql: string, ...params: SqlValue[]): T | undefined
  values<T extends SqlValue>(sql: string, ...params: SqlValue[]): T[]
  /** Rows one at a time. The file takes no writes until the loop has ended. */
  each<T>(sql: string, ...params: SqlValue[]): IterableIterator<T>
}

/** Reads and writes. A full disk, a missing permission or a damaged file comes out as a ServiceError with a sentence.
 */
export interface WriteDb extends ReadDb {
  readonly [writeBrand]: true
  run(sql: string, ...params: SqlValue[]): { readonly changes: number; readonly lastId: number }
  /** All of `work` or nothing of it. Takes the write lock at once; inside another transaction it is a part of it. */
  transaction<T>(work: () => T): T
  /**
   * A transaction that does not wait for the disk: safe when the program dies, but a power cut may take the last of
   * them back, whole. For what can be made again (imports, findings, progress), never for what a person decided.
   */
  relaxed<T>(work: () => T): T
}

const keptStatements = 256

/** Wraps an open connection. `where` is the folder named in errors. */
export function wrapDatabase(connection: Database.Database, where: string): WriteDb {
  const statement = statementCache(connection)
  const reader = (sql: string) => {
    const found = statement(sql)
    if (!found.readonly) throw new Error(`A read was asked to run a statement that writes: ${sql}`)
    return found
  }
  const handle: Omit<WriteDb, typeof readBrand | typeof writeBrand> = {
    get: <T>(sql: string, ...params: SqlValue[]) =>
      translated(
        where,
        () =>
          reader(sql)
            .pluck(false)
            .get(...params) as T | undefined,
      ),
    all: <T>(sql: string, ...params: SqlValue[]) =>
      translated(
        where,
        () =>
          reader(sql)
            .pluck(false)
            .all(...params) as T[],
      ),
    value: <T extends SqlValue>(sql: string, ...params: SqlValue[]) =>
      translated(
        where,
        () =>
          reader(sql)
            .pluck(true)
            .get(...params) as T | undefined,
      ),
    values: <T extends SqlValue>(sql: string, ...params: SqlValue[]) =>
      translated(
        where,
        () =>
          reader(sql)
            .pluck(true)
            .all(...params) as T[],
      ),
    each: <T>(sql: string, ...params: SqlValue[]) =>
      reader(sql)
        .pluck(false)
        .iterate(...params) as IterableIterator<T>,
    run: (sql, ...params) =>
      translated(where, () => {
        const { changes, lastInsertRowid } = statement(sql).run(...params)
        return { changes, lastId: Number(lastInsertRowid) }
      }),
    transaction: work =>
      translated(where, () => (connection.inTransaction ? work() : connection.transaction(work).immediate())),
    relaxed: work =>
      translated(where, () =>
        connection.inTransaction ? work() : withoutFlush(connection, () => connection.transaction(work).immediate()),
      ),
  }
  return handle as WriteDb
}

function withoutFlush<T>(connection: Database.Database, work: () => T): T {
  connection.pragma('synchronous = NORMAL')
  try {
    return work()
  } finally {
    connection.pragma('synchronous = FULL')
  }
}

/** Compiled statements by their text, the least recently used dropped first: filters make many texts. */
function statementCache(connection: Database.Database): (sql: string) => Database.Statement<SqlValue[]> {
  const kept = new Map<string, Database.Statement<SqlValue[]>>()
  return sql => {
    const found = kept.get(sql) ?? connection.prepare<SqlValue[]>(sql)
    kept.delete(sql)
    kept.set(sql, found)
    if (kept.size > keptStatements) kept.delete(kept.keys().next().value!)
    return found
  }
}
