// Copies of library.db in the library's "backups" folder. A copy counts only after it was opened again and passed
// SQLite's own check: it is made under a temporary name, checked, flushed and renamed. The newest few are kept.

import Database from 'better-sqlite3'
import { privateFile, privateFolder } from '../common/private-files.ts'
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { damaged, translateBackupError } from './errors.ts'

const kept = 5

/** Copies the open file to `<folder>/<stamp>-<label>.db` and returns that path. ServiceError 'backup-failed', or
 *  'library-damaged' where the copy does not pass its check. */
export async function backUp(connection: Database.Database, folder: string, label: string, now: Date): Promise<string> {
  const target = join(folder, `${now.toISOString().replaceAll(':', '-')}-${label}.db`)
  const partial = `${target}.partial`
  try {
    mkdirSync(folder, privateFolder)
    forgetHalfMade(folder)
    await connection.backup(partial)
    chmodSync(partial, privateFile.mode)
    verifyCopy(partial)
    flush(partial, 'r+')
    renameSync(partial, target)
    // Windows has no such call for folders.
    if (process.platform !== 'win32') flush(folder, 'r')
  } catch (error) {
    throw translateBackupError(error, folder)
  } finally {
    rmSync(partial, { force: true })
  }
  rotate(folder, label, basename(target))
  return target
}

function verifyCopy(path: string): void {
  const copy = new Database(path)
  try {
    copy.pragma('journal_mode = DELETE')
    const answer = copy.pragma('integrity_check', { simple: true })
    if (answer !== 'ok') throw damaged(path, String(answer))
  } finally {
    copy.close()
  }
}

/** What was begun when an earlier session was killed: a library has one writer, so nobody is at it any more. */
function forgetHalfMade(folder: string): void {
  for (const name of readdirSync(folder)) if (name.includes('.db.partial')) rmSync(join(folder, name), { force: true })
}

/** On Windows only what is open for writing can be flushed. */
function flush(path: string, flags: 'r' | 'r+'): void {
  const descriptor = openSync(path, flags)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** The one just made stays even where the clock was set back and its name is not the newest. */
function rotate(folder: string, label: string, made: string): void {
  const others = readdirSync(folder)
    .filter(name => name.endsWith(`-${label}.db`) && name !== made)
    .sort()
  for (const name of others.slice(0, 1 - kept)) rmSync(join(folder, name))
}
