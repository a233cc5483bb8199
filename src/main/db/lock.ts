// One writer a library. The lock is a small SQLite file on which a write transaction is held open for as long as the
// library is: the operating system lets go of it when the process dies, however it dies, so a lock can never be stale.
// The holder's process id stands in the file; anyone may read it while it is held. A file that a power cut left torn is
// held by nobody, because a holder reads what it wrote: it is made anew.

import Database from 'better-sqlite3'
import { privateFile } from '../common/private-files.ts'
import { closeSync, openSync, rmSync } from 'node:fs'
import { ServiceError } from '../../contract/errors.ts'
import { translated } from './errors.ts'

export interface LibraryLock {
  release(): void
}

/** Takes the lock of the library at `where`. ServiceError 'library-in-use' names the process that holds it. */
export function takeLock(file: string, where: string): LibraryLock {
  return translated(where, () => {
    try {
      return takeFile(file, where)
    } catch (error) {
      if (!isTorn(error)) throw error
      for (const name of [file, `${file}-journal`]) rmSync(name, { force: true })
      return takeFile(file, where)
    }
  })
}

function takeFile(file: string, where: string): LibraryLock {
  makeFile(file)
  const connection = new Database(file, { timeout: 0 })
  try {
    hold(connection)
  } catch (error) {
    const failure = isBusy(error) ? inUse(connection, where) : error
    connection.close()
    throw failure
  }
  return { release: () => void connection.close() }
}

/** Before SQLite makes it, so that it is the owner's alone; where that fails, SQLite says why. */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'a', privateFile.mode))
  } catch {}
}

function hold(connection: Database.Database): void {
  connection.pragma('synchronous = OFF')
  connection.exec('BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL); DELETE FROM holder')
  connection.prepare('INSERT INTO holder VALUES (?)').run(process.pid)
  connection.exec('COMMIT; BEGIN IMMEDIATE')
}

function isTorn(error: unknown): boolean {
  return (
    error instanceof Database.SqliteError && (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT'))
  )
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
}

function inUse(connection: Database.Database, where: string): ServiceError {
  const pid = holder(connection)
  const by = pid === process.pid ? 'this Winnow' : pid === null ? 'another Winnow' : `another Winnow (process ${pid})`
  return new ServiceError(
    'library-in-use',
    `The library ${where} is already open in ${by}; one library has one writer.`,
    'Close it there, then open it here.',
  )
}

function holder(connection: Database.Database): number | null {
  try {
    return (connection.prepare('SELECT pid FROM holder').pluck().get() as number | undefined) ?? null
  } catch {
    return null
  }
}
