// Brings a library file to the newest schema: each step in one transaction that also sets user_version and is checked
// for dangling references before it commits, so a crash leaves the file at a whole version. A file of a newer version
// is refused.

import type Database from 'better-sqlite3'
import { ServiceError } from '../../contract/errors.ts'
import { damaged } from './errors.ts'

/** What a library of `steps` steps says of itself. 'WINW' in ASCII. */
export const applicationId = 0x57494e57

/** user_version of the file. ServiceError when the file is another program's or of a version newer than `newest`. */
export function checkVersion(connection: Database.Database, newest: number, where: string): number {
  const application = connection.pragma('application_id', { simple: true }) as number
  const version = connection.pragma('user_version', { simple: true }) as number
  if (application !== applicationId) throw foreign(where)
  if (version > newest) throw tooNew(where, version, newest)
  return version
}

/** Runs steps[version] and those after it. */
export function migrate(connection: Database.Database, steps: readonly string[], version: number, where: string): void {
  for (let at = version; at < steps.length; at++) {
    connection
      .transaction(() => {
        connection.exec(steps[at]!)
        const dangling = connection.pragma('foreign_key_check') as unknown[]
        if (dangling.length > 0) throw damaged(where, `${dangling.length} rows point to rows that do not exist`)
        connection.pragma(`user_version = ${at + 1}`)
      })
      .immediate()
  }
}

function foreign(where: string): ServiceError {
  return new ServiceError(
    'not-a-library',
    `${where} does not hold a Winnow library: its library.db was made by another program.`,
    'Choose a folder that ends in .winnow, or make a new library.',
  )
}

function tooNew(where: string, version: number, newest: number): ServiceError {
  return new ServiceError(
    'library-too-new',
    `The library ${where} was made by a newer Winnow (its format is ${version}, this Winnow knows up to ${newest}).`,
    'Open it with the newer Winnow. It was not changed.',
  )
}
