// SQLite's full check of a library's file. On a large library it takes many seconds without a pause, so hosts have it
// done in a process of its own (checker.ts) while the service goes on answering.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ServiceError } from '../../contract/errors.ts'
import type { ReadDb } from './database.ts'

/** What is wrong with the database, in a phrase; null where it is whole. */
export function findDamage(db: ReadDb): string | null {
  const answer = db.value<string>('PRAGMA integrity_check')
  if (answer !== 'ok') return String(answer)
  const dangling = db.value<number>('SELECT count(*) FROM pragma_foreign_key_check')!
  return dangling > 0 ? `${dangling} rows point to rows that do not exist` : null
}

/** Answers as `findDamage` does for the file at this path; an abort ends it at once. */
export type DatabaseCheck = (file: string, signal: AbortSignal) => Promise<string | null>

/** Checks in a process of its own: `checker` is db/checker.ts or its bundle, `node` a plain Node. ServiceError
 *  'check-ended' where that fails. */
export function checkApart(checker: string, node: string): DatabaseCheck {
  return async (file, signal) => {
    try {
      const { stdout } = await promisify(execFile)(node, [checker, file], { signal, killSignal: 'SIGKILL' })
      return JSON.parse(stdout) as string | null
    } catch (error) {
      signal.throwIfAborted()
      throw new ServiceError(
        'check-ended',
        `The check of ${file} ended before it was done: ${(error as Error).message.trim()}`,
        'Try again. If it happens again, report it with the text of this message.',
      )
    }
  }
}
