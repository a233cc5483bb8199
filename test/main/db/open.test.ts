// What happens when a library's file is made, opened, opened twice, damaged, of another version, or not ours at all.

import Database from 'better-sqlite3'
import fs, {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { checkNodeVersion } from '../../../src/main/db/node-version.ts'
import { applicationId } from '../../../src/main/db/migrate.ts'
import { migrations } from '../../../src/main/db/migrations/index.ts'
import { openDatabase, type OpenOptions } from '../../../src/main/db/open.ts'
import { withFileLimit } from '../faults/faults.ts'
import { failure, runNode, startNode, temporaryFolder } from '../library/helpers.ts'

const now = () => new Date('2026-01-02T03:04:05.678Z')
const open = (folder: string, options: Partial<OpenOptions> = {}) =>
  openDatabase(folder, { create: false, now, ...options })

async function made(): Promise<string> {
  const folder = join(temporaryFolder(), 'a.winnow')
  const database = await open(folder, { create: true })
  database.close()
  return folder
}

describe('a new library', () => {
  it('carries the application id, the newest version and the pragmas that keep labels through a power cut', async () => {
    const folder = join(temporaryFolder(), 'deep', 'a.winnow')
    const { db, close } = await open(folder, { create: true })
    const pragma = (name: string) => db.value<string | number>(`SELECT * FROM pragma_${name}`)
    db.run("INSERT INTO meta VALUES ('k', 'v')")
    db.relaxed(() => db.run("INSERT INTO meta VALUES ('l', 'v')"))
    expect(pragma('application_id')).toBe(applicationId)
    expect(pragma('user_version')).toBe(migrations.length)
    expect(pragma('journal_mode')).toBe('wal')
    expect(pragma('synchronous')).toBe(2)
    expect(pragma('foreign_keys')).toBe(1)
    close()
  })

  it.each([
    ['opening', false],
    ['making', true],
  ])('whose making was cut off before anything was in it is made by %s it', async (_, create) => {
    const folder = join(temporaryFolder(), 'a.winnow')
    const killed = await startNode(
      `
      const { default: Database } = await import('better-sqlite3')
      const { mkdirSync } = await import('node:fs')
      const { takeLock } = await import('./src/main/db/lock.ts')
      mkdirSync(${JSON.stringify(folder)})
      const lock = takeLock(${JSON.stringify(join(folder, 'library.lock'))}, 'here')
      const db = new Database(${JSON.stringify(join(folder, 'library.db'))})
      console.log('ready')
      setInterval(() => [lock, db], 1000)`, // what nobody holds is collected, and let go of
      'ready',
    )
    expect(await failure(open(folder, { create }))).toMatchObject({ code: 'library-in-use' })
    await killed.kill()
    expect(readFileSync(join(folder, 'library.db'))).toHaveLength(0)
    const { db, close } = await open(folder, { create })
    expect([db.value('PRAGMA application_id'), db.value('PRAGMA user_version')]).toEqual([
      applicationId,
      migrations.length,
    ])
    close()
  })

  it('whose making was undone from its journal is made by opening it', async () => {
    const folder = join(temporaryFolder(), 'a.winnow')
    const killed = await startNode(
      `
      const { default: Database } = await import('better-sqlite3')
      const { mkdirSync } = await import('node:fs')
      mkdirSync(${JSON.stringify(folder)})
      const file = new Database(${JSON.stringify(join(folder, 'library.db'))})
      file.pragma('cache_size = 1')
      file.exec('BEGIN; CREATE TABLE t (a)')
      // Until pages that are not committed have reached the file: how many the cache holds back is SQLite's business.
      const { statSync } = await import('node:fs')
      while (statSync(${JSON.stringify(join(folder, 'library.db'))}).size === 0)
        for (let i = 0; i < 1000; i++) file.exec("INSERT INTO t VALUES (zeroblob(2000))")
      console.log('ready')
      setInterval(() => {}, 1000)`,
      'ready',
    )
    await killed.kill()
    expect(readFileSync(join(folder, 'library.db')).length).toBeGreaterThan(0)
    const { db, close } = await open(folder)
    expect(db.value('PRAGMA user_version')).toBe(migrations.length)
    close()
  })

  it('is not made over one that is there', async () => {
    const folder = await made()
    expect(await failure(open(folder, { create: true }))).toMatchObject({ code: 'library-exists' })
  })
})

describe('a file where the folder would be', () => {
  it('is named, and left as it was', async () => {
    const file = join(temporaryFolder(), 'set.winnow')
    writeFileSync(file, 'a note')
    for (const folder of [file, join(file, 'inner.winnow')]) {
      const error = await failure(open(folder, { create: true }))
      expect(error).toMatchObject({ code: 'name-taken', fix: expect.stringContaining('another name') })
      expect(error.message).toContain(folder)
    }
    expect(readFileSync(file, 'utf8')).toBe('a note')
  })
})

describe('opening', () => {
  it('refuses what is not there, names the folder and makes nothing', async () => {
    const folder = join(temporaryFolder(), 'none.winnow')
    const error = await failure(open(folder))
    expect(error).toMatchObject({ code: 'library-missing' })
    expect(error.message).toContain(folder)
    expect(existsSync(folder)).toBe(false)
  })

  it("refuses an empty file, a text file and another program's database, and leaves each as it was", async () => {
    const folder = await made()
    const file = join(folder, 'library.db')
    mkdirSync(join(folder, 'runs'))
    truncateSync(file, 0)
    expect(await failure(open(folder))).toMatchObject({ code: 'library-damaged' })
    expect(await failure(open(folder, { create: true }))).toMatchObject({ code: 'library-exists' })
    expect(readFileSync(file)).toHaveLength(0)
    writeFileSync(file, 'These are not the bytes you are looking for. '.repeat(50))
    expect(await failure(open(folder))).toMatchObject({
      code: 'not-a-library',
      fix: expect.stringContaining('"backups"'),
    })
    truncateSync(file, 0)
    const other = new Database(file)
    other.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)')
    other.close()
    const before = readFileSync(file)
    expect(await failure(open(folder))).toMatchObject({ code: 'not-a-library' })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('refuses a newer version with both numbers and leaves it as it was', async () => {
    const folder = await made()
    const file = join(folder, 'library.db')
    const newer = new Database(file)
    newer.pragma(`user_version = ${migrations.length + 1}`)
    newer.close()
    const before = readFileSync(file)
    const error = await failure(open(folder))
    expect(error.code).toBe('library-too-new')
    expect(error.message).toContain(`${migrations.length + 1}`)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('says that a folder may not be written to', async () => {
    const folder = await made()
    const script = `
      const { openDatabase } = await import('./src/main/db/open.ts')
      await openDatabase(${JSON.stringify(folder)}, { create: false, now: () => new Date() })
        .then(() => console.log('opened'), error => console.log(error.code, error.message))`
    const uid = process.getuid?.() === 0 ? 65534 : undefined
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444)
    chmodSync(folder, 0o555)
    expect((await runNode(script, { uid })).stdout).toContain(`library-not-writable Winnow may not write to ${folder}`)
    chmodSync(folder, 0o755)
  })

  it('finds damage after an unclean end, before anything is read', async () => {
    const folder = join(temporaryFolder(), 'a.winnow')
    const { db, close } = await open(folder, { create: true })
    db.transaction(() => {
      for (let i = 0; i < 2000; i++)
        db.run('INSERT INTO class (name, created_at) VALUES (?, ?)', `class ${i} ${'x'.repeat(60)}`, 'now')
    })
    close()
    const file = join(folder, 'library.db')
    const raw = new Database(file)
    raw.exec("UPDATE meta SET value = '0' WHERE key = 'clean_shutdown'")
    raw.close()
    const bytes = readFileSync(file)
    bytes.fill(0x55, bytes.length - 6 * 4096, bytes.length - 4096)
    writeFileSync(file, bytes)
    expect(await failure(open(folder))).toMatchObject({ code: 'library-damaged' })
  })
})

describe('one writer', () => {
  it('names the process that holds the library, and lets go of it with the process however that ends', async () => {
    const folder = await made()
    const holder = await startNode(
      `
      const { openDatabase } = await import('./src/main/db/open.ts')
      const { db } = await openDatabase(${JSON.stringify(folder)}, { create: false, now: () => new Date() })
      db.run("INSERT INTO meta VALUES ('held', 'yes')")
      console.log('ready')
      setInterval(() => {}, 1000)`,
      'ready',
    )
    const error = await failure(open(folder))
    expect(error).toMatchObject({ code: 'library-in-use' })
    expect(error.message).toContain(`process ${holder.pid}`)
    await holder.kill()
    const { db, unclean, close } = await open(folder)
    expect(unclean).toBe(true)
    expect(db.value("SELECT value FROM meta WHERE key = 'held'")).toBe('yes')
    close()
    const again = await open(folder)
    expect(again.unclean).toBe(false)
    again.close()
  })

  it.each([
    ['zeros', Buffer.alloc(8192)],
    ['torn', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4080, 0x55)])],
    ['empty', Buffer.alloc(0)],
  ])('opens a library whose lock a power cut left as %s', async (_, bytes) => {
    const folder = await made()
    writeFileSync(join(folder, 'library.lock'), bytes)
    const first = await open(folder)
    expect(await failure(open(folder))).toMatchObject({ code: 'library-in-use' })
    first.close()
  })

  it('refuses a second opening in the same process too, and opens once the first is closed', async () => {
    const folder = await made()
    const first = await open(folder)
    expect(await failure(open(folder))).toMatchObject({ code: 'library-in-use' })
    first.close()
    first.close()
    const second = await open(folder)
    second.close()
  })
})

describe('migrating', () => {
  const steps = [...migrations, 'ALTER TABLE class ADD COLUMN colour TEXT']

  it('backs the file up first, keeps what is in it, and arrives at the newest version', async () => {
    const folder = join(temporaryFolder(), 'a.winnow')
    const old = await open(folder, { create: true })
    old.db.run("INSERT INTO class (name, created_at) VALUES ('cat', 'now')")
    old.close()
    const { db, close } = await open(folder, { steps })
    expect(db.get('SELECT name, colour FROM class')).toEqual({ name: 'cat', colour: null })
    close()
    const [backup] = readdirSync(join(folder, 'backups'))
    const copy = new Database(join(folder, 'backups', backup!), { readonly: true })
    expect(copy.pragma('user_version', { simple: true })).toBe(migrations.length)
    expect(copy.prepare('SELECT name FROM class').pluck().get()).toBe('cat')
    copy.close()
  })

  it('leaves the old version whole when a step fails half-way', async () => {
    const folder = await made()
    const broken = [
      ...migrations,
      "CREATE TABLE half (a); INSERT INTO class (name, created_at) VALUES ('x', 'y'); SELECT no_such_function()",
    ]
    await expect(open(folder, { steps: broken })).rejects.toThrow('no_such_function')
    const { db, close } = await open(folder)
    expect(db.value('SELECT count(*) FROM class')).toBe(0)
    expect(db.value("SELECT count(*) FROM sqlite_schema WHERE name = 'half'")).toBe(0)
    close()
  })

  it('keeps the newest five backups of a kind', async () => {
    const folder = await made()
    let minute = 0
    const database = await openDatabase(folder, { create: false, now: () => new Date(2026, 0, 1, 0, minute++) })
    for (let i = 0; i < 7; i++) await database.backUp('close')
    database.close()
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(5)
  })

  it('keeps the backup just made, also when the clock was set back before it', async () => {
    const folder = await made()
    let days = 20
    const database = await openDatabase(folder, { create: false, now: () => new Date(Date.UTC(2026, 2, days)) })
    for (; days < 26; days++) await database.backUp('close')
    days = 2
    expect(existsSync(await database.backUp('close'))).toBe(true)
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(5)
    database.close()
  })

  it('says of a backup for which there is no room that the library itself is saved', async () => {
    const folder = await made()
    const database = await open(folder)
    const error = await withFileLimit(4096, () => failure(database.backUp('close')))
    expect(error).toMatchObject({
      code: 'backup-failed',
      message: expect.stringMatching(
        /^No backup could be made in .*backups: the disk .*\. What is in the library itself is saved and whole\.$/,
      ) as string,
    })
    database.close()
  })

  it('takes away a backup that was being made when the program was killed', async () => {
    const folder = await made()
    mkdirSync(join(folder, 'backups'))
    for (const ending of ['', '-journal', '-wal'])
      writeFileSync(join(folder, 'backups', `2026-01-01T00-00-00.000Z-close.db.partial${ending}`), 'half')
    const database = await open(folder)
    await database.backUp('close')
    database.close()
    expect(readdirSync(join(folder, 'backups'))).toEqual(['2026-01-02T03-04-05.678Z-close.db'])
  })

  it('makes backups where only files that are open for writing can be flushed, as on Windows', async () => {
    const folder = await made()
    const database = await open(folder)
    const { openSync, fsyncSync } = fs
    const writable = new Set<number>()
    onTestFinished(() => {
      Object.assign(fs, { openSync, fsyncSync })
      syncBuiltinESMExports()
      vi.unstubAllGlobals()
    })
    fs.openSync = (...args) => {
      const descriptor = openSync(...args)
      if (args[1] === 'r+') writable.add(descriptor)
      return descriptor
    }
    fs.fsyncSync = descriptor => {
      if (!writable.has(descriptor))
        throw Object.assign(new Error('EPERM: operation not permitted, fsync'), { code: 'EPERM' })
      fsyncSync(descriptor)
    }
    syncBuiltinESMExports()
    vi.stubGlobal('process', Object.create(process, { platform: { value: 'win32' } }))
    expect(existsSync(await database.backUp('close'))).toBe(true)
    database.close()
  })

  it('a backup can stand in for the library', async () => {
    const folder = await made()
    const database = await open(folder)
    database.db.run("INSERT INTO class (name, created_at) VALUES ('dog', 'now')")
    const backup = await database.backUp('close')
    database.close()
    const restored = join(temporaryFolder(), 'b.winnow')
    mkdirSync(restored)
    copyFileSync(backup, join(restored, 'library.db'))
    const { db, close } = await open(restored)
    expect(db.value('SELECT name FROM class')).toBe('dog')
    close()
  })
})

describe('the Node that runs it', () => {
  it('is refused below 22.14 with a sentence', () => {
    for (const version of ['18.0.0', '20.20.2', '22.13.9'])
      expect(() => checkNodeVersion(version)).toThrow(`this is Node ${version}`)
    for (const version of ['22.14.0', '23.0.0', '24.21.0']) expect(() => checkNodeVersion(version)).not.toThrow()
  })
})
