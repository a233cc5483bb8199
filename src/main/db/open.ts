// Opens or makes a library's database with all that keeps it whole: one writer, write-ahead log with a flush at every
// commit, version and owner checked, a verified backup before a migration, SQLite's quick check after an unclean end.
// What it cannot open it leaves as it was and says why in a sentence; where the making was cut off, it is made.

import Database from 'better-sqlite3'
import { accessSync, closeSync, constants, mkdirSync, openSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import { backUp } from './backup.ts'
import { wrapDatabase, type WriteDb } from './database.ts'
import { damaged, translateError } from './errors.ts'
import { takeLock } from './lock.ts'
import { applicationId, checkVersion, migrate } from './migrate.ts'
import { privateFile, privateFolder } from '../common/private-files.ts'
import { migrations } from './migrations/index.ts'

export interface OpenOptions {
  /** Make the folder and the file; ServiceError 'library-exists' when there already is one. */
  readonly create: boolean
  readonly now: () => Date
  /** The schema's steps; others only in tests. */
  readonly steps?: readonly string[]
}

export interface OpenDatabase {
  readonly db: WriteDb
  /** The last process that held it ended without closing it. */
  readonly unclean: boolean
  /** Copies the file into "backups", checked. `label` tells kinds of backup apart; the newest five of each are kept. */
  backUp(label: string): Promise<string>
  /** Notes a clean end and lets go of the file. Safe to call twice. */
  close(): void
}

/** Opens the library.db in `folder`. Throws ServiceError; see db/errors.ts, lock.ts and migrate.ts for the codes. */
export async function openDatabase(folder: string, options: OpenOptions): Promise<OpenDatabase> {
  const file = join(folder, 'library.db')
  try {
    prepareFolder(folder, file, options.create)
  } catch (error) {
    throw translateError(error, folder)
  }
  const lock = takeLock(join(folder, 'library.lock'), folder)
  let connection: Database.Database | null = null
  try {
    connection = new Database(file, { fileMustExist: !options.create })
    const unclean = await bringUp(connection, folder, options)
    return handleOf(connection, folder, unclean, options.now, () => lock.release())
  } catch (error) {
    connection?.close()
    lock.release()
    throw translateError(error, folder)
  }
}

function prepareFolder(folder: string, file: string, create: boolean): void {
  if (create) mkdirSync(folder, privateFolder)
  const size = statSync(file, { throwIfNoEntry: false })?.size
  const begun = size === 0 && readdirSync(folder).every(name => name.startsWith('library.'))
  if (create && size !== undefined && !begun) throw existing(folder)
  if (!create && size === undefined) throw missing(folder)
  if (size === 0 && !begun) throw damaged(folder, 'its library.db is empty (0 bytes)')
  accessSync(folder, constants.W_OK)
  // Made before SQLite makes it, so that it and its journals are the owner's alone.
  if (size === undefined) closeSync(openSync(file, 'a', privateFile.mode))
  if (size !== undefined) accessSync(file, constants.W_OK)
}

async function bringUp(connection: Database.Database, folder: string, options: OpenOptions): Promise<boolean> {
  const steps = options.steps ?? migrations
  // A file without pages: new, or one whose making was cut off before anything was in it.
  if (connection.pragma('page_count', { simple: true }) === 0) connection.pragma(`application_id = ${applicationId}`)
  const version = checkVersion(connection, steps.length, folder)
  setPragmas(connection, folder)
  if (version > 0 && version < steps.length)
    await backUp(connection, join(folder, 'backups'), `version-${version}`, options.now())
  migrate(connection, steps, version, folder)
  return noteStart(connection, folder)
}

function setPragmas(connection: Database.Database, folder: string): void {
  connection.pragma(`journal_mode = ${onNetwork(folder) ? 'TRUNCATE' : 'WAL'}`)
  // After journal_mode: better-sqlite3 lowers it to NORMAL with the first write in WAL mode unless it is set.
  connection.pragma('synchronous = FULL')
  connection.pragma('foreign_keys = ON')
  connection.pragma('busy_timeout = 5000')
  connection.pragma('trusted_schema = OFF')
  connection.pragma('cell_size_check = ON')
  connection.pragma('journal_size_limit = 67108864')
  connection.pragma('temp_store = MEMORY')
  connection.pragma('cache_size = -32768')
}

/** NFS, SMB and FUSE: the write-ahead log needs shared memory that they do not give. Numbers from statfs(2). */
function onNetwork(folder: string): boolean {
  return (
    process.platform === 'linux' &&
    [0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546].includes(statfsSync(folder).type)
  )
}

/** Whether the last end was unclean; then the file is checked before anyone relies on it. */
function noteStart(connection: Database.Database, folder: string): boolean {
  const clean = connection.prepare("SELECT value FROM meta WHERE key = 'clean_shutdown'").pluck().get()
  const unclean = clean === '0'
  if (unclean) {
    const answer = connection.pragma('quick_check', { simple: true })
    if (answer !== 'ok') throw damaged(folder, String(answer))
  }
  setClean(connection, '0')
  return unclean
}

function setClean(connection: Database.Database, value: '0' | '1'): void {
  connection
    .prepare("INSERT INTO meta VALUES ('clean_shutdown', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
    .run(value)
}

function handleOf(
  connection: Database.Database,
  folder: string,
  unclean: boolean,
  now: () => Date,
  release: () => void,
): OpenDatabase {
  return {
    db: wrapDatabase(connection, folder),
    unclean,
    backUp: label => backUp(connection, join(folder, 'backups'), label, now()),
    close() {
      if (!connection.open) return
      try {
        setClean(connection, '1')
      } finally {
        connection.close()
        release()
      }
    },
  }
}

function existing(folder: string): ServiceError {
  return new ServiceError(
    'library-exists',
    `There is already a library at ${folder}.`,
    'Open it, or choose another name.',
  )
}

function missing(folder: string): ServiceError {
  return new ServiceError(
    'library-missing',
    `There is no library at ${folder}.`,
    'Check the path (the folder of a library ends in .winnow), or make a new library there.',
  )
}
