// Entry of the process that checks a database: `node checker.ts <library.db>` prints what `findDamage` answers, as
// JSON. It only reads.

import Database from 'better-sqlite3'
import { findDamage } from './check.ts'
import { wrapDatabase } from './database.ts'

const [file = ''] = process.argv.slice(2)
const connection = new Database(file, { readonly: true, fileMustExist: true })
process.stdout.write(JSON.stringify(readDamage()))

function readDamage(): string | null {
  try {
    return findDamage(wrapDatabase(connection, file))
  } catch (error) {
    return (error as Error).message
  } finally {
    connection.close()
  }
}
